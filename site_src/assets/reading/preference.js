/* Whether single keys do something: who speaks to the computer, or types by accident, can turn them off.
   Where nothing can be stored they are on. */

const KEY = `${new URL("../../", import.meta.url).pathname}.keys`;

export const keysAreOn = () => {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
};

export const turnKeys = (on) => {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch { /* they stay on */ }
  return keysAreOn() === on;
};
