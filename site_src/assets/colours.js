/* The light switch: as the system, light, dark. The page's first lines have set what was chosen before. */

import { text } from "./texts.js";

const KEY = `${new URL("..", import.meta.url).pathname}.colours`;
const STATES = ["", "default", "slate"];
const NAMES = [text("Colours: as the system, switch to light"), text("Colours: light, switch to dark"), text("Colours: dark, follow the system")];

const chosen = () => {
  try {
    return Math.max(STATES.indexOf(localStorage[KEY] ?? ""), 0);
  } catch {
    return 0; /* a browser may keep its storage from pages */
  }
};

export const attachColours = (lamp) => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let state = chosen();
  const show = () => {
    document.body.dataset.mdColorScheme = STATES[state] || (dark.matches ? "slate" : "default");
    lamp.className = `lamp lamp${state}`;
    lamp.title = NAMES[state];
    lamp.hidden = false;
  };
  lamp.addEventListener("click", () => {
    state = (state + 1) % STATES.length;
    try {
      localStorage[KEY] = STATES[state];
    } catch {
      /* Then it holds for this page alone. */
    }
    show();
  });
  dark.addEventListener("change", show);
  addEventListener("storage", ({ key }) => {
    if (key !== KEY) return;
    state = chosen();
    show();
  });
  show();
};
