/* A short message at the foot of the window, which screen readers say too; a problem stays longer. */

const box = document.createElement("p");
box.className = "notice";
box.setAttribute("role", "status");
document.body.append(box);

let timer;
export const say = (message, problem) => {
  clearTimeout(timer);
  box.textContent = message;
  box.classList.toggle("notice--problem", Boolean(problem));
  timer = setTimeout(() => { box.textContent = ""; }, problem ? 12_000 : 4_000);
};
