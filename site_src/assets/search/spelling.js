/* Words put right: the twin of generator/build/search/spelling.py, which explains it. */

export const nearest = (word, known) => {
  const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
  let best = [most + 1, 0, ""];
  for (const [candidate, papers] of Object.entries(known)) {
    const away = distance(word, candidate, Math.min(best[0], most));
    if (away > most) continue;
    if (away < best[0] || (away === best[0] && (papers > best[1] || (papers === best[1] && candidate < best[2])))) best = [away, papers, candidate];
  }
  return best[2];
};

export const completed = (word, known) => {
  let best = "";
  if (word.length < 3) return best;
  for (const [other, papers] of Object.entries(known)) {
    if (other.startsWith(word) && (!best || papers > known[best] || (papers === known[best] && other < best))) best = other;
  }
  return best;
};

export const distance = (one, other, most) => {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, above] = [above, row];
  }
  return above[other.length];
};
