/* The dialog that lists the keys, made when it is asked for. */

import { text } from "../texts.js";
import { make } from "./elements.js";
import { keysAreOn, PREFERENCE } from "./keys.js";

const KEYS = [
  [text("In a list of papers"), [
    [["j"], text("next paper")],
    [["k"], text("paper before")],
    [["o"], text("open or close its summary, or else its page")],
    [["Enter"], text("open its page")],
    [["s"], text("save it, or remove it again")],
  ]],
  [text("On a paper’s page"), [
    [["j"], text("next paper of the day")],
    [["k"], text("paper before")],
    [["s"], text("save it, or remove it again")],
  ]],
  [text("Everywhere"), [
    [["/"], text("search")],
    [["↓"], text("from the search page’s field to what was found")],
    [["s"], text("search, where no paper is chosen")],
    [["Ctrl", "K"], text("search")],
    [["?"], text("these keys")],
    [["Esc"], text("close")],
  ]],
];


const section = ([title, keys]) => [
  make("h3", {}, title),
  make("dl", {}, ...keys.map(([names, does]) => make("div", {},
    make("dt", {}, ...names.map((name) => make("kbd", {}, name))),
    make("dd", {}, does)))),
];

const turn = (on) => {
  try {
    if (on) localStorage.removeItem(PREFERENCE);
    else localStorage.setItem(PREFERENCE, "off");
  } catch { /* they stay on */ }
};

let dialog;
const made = () => {
  const close = make("button", { type: "button", autofocus: true, textContent: text("Close") });
  close.addEventListener("click", () => dialog.close());
  const box = make("input", { type: "checkbox" });
  box.addEventListener("change", () => {
    turn(box.checked);
    box.checked = keysAreOn();
  });
  dialog = make("dialog", { className: "keys md-typeset" },
    make("header", {}, make("h2", { id: "keys-title" }, text("Keys")), close),
    ...KEYS.flatMap(section),
    make("p", {}, make("label", {}, box, ` ${text("React to single keys")}`)));
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  return dialog;
};

export const openHelp = () => {
  dialog ??= made();
  if (dialog.open) return;
  dialog.querySelector("input").checked = keysAreOn();
  /* When it closes, the browser gives the focus back to where it was. */
  dialog.showModal();
};
