/* A paper's BibTeX goes to the clipboard, or is marked where a browser keeps that from pages. */

export const attachCopy = (entry) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(entry.textContent.trim());
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(entry);
      button.textContent = "Marked: copy it from the menu";
    }
    button.addEventListener("blur", () => { button.textContent = "Copy"; }, { once: true });
  });
  entry.after(button);
};
