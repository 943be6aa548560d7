/* What is taken from another page of the site. */

/* The page at an address, which can be looked through and shows nothing. */
export const pageAt = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

/* Let the links of what is taken from that page lead where they led there. */
export const keepLinks = (node, address) => {
  for (const a of node.querySelectorAll("a")) a.href = new URL(a.getAttribute("href"), address);
};
