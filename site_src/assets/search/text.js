/* Texts brought to what can be compared. */

export const folded = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

export const letters = (text) => folded(text).replace(/[^\p{L}\p{N}\s]+/gu, " ").replace(/\s+/g, " ").trim();
