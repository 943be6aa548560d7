/* What is loaded once, and again after a failure. */

export const SITE = new URL("../../", import.meta.url);
export const ROOT = new URL("search/", SITE);

export const once = (make) => {
  let made;
  return () => (made ??= make().catch((error) => { made = undefined; throw error; }));
};
/* Each file once; one that could not be loaded is asked for again by the next query. */
export const remembered = (make) => {
  const known = new Map();
  return (name) => {
    if (!known.has(name)) known.set(name, once(() => make(name)));
    return known.get(name)();
  };
};
/* By an address of its own after a failure, as daybook.js explains. */
let failures = 0;
export const load = (url) => import(failures ? `${url}?${failures}` : url.href)
  .catch((error) => { failures += 1; throw error; });
export const answered = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
  return answer;
};
export const json = async (url) => (await answered(url)).json();
