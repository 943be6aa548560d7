/* What the reader chose on an earlier page, set before anything of this one is painted: colours, and how much of a
   card is shown. */
(() => {
  const site = new URL("..", document.currentScript.src).pathname;
  const { dataset } = document.body;
  let density;
  let colours;
  try {
    density = localStorage[`${site}.density`];
    colours = localStorage[`${site}.colours`];
  } catch { /* a browser may keep its storage from pages */ }
  dataset.mdColorScheme = colours || (matchMedia("(prefers-color-scheme: dark)").matches ? "slate" : "default");
  if (density) dataset.density = density;
})();
