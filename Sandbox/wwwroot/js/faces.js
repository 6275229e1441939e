// Avatars: initials on a colour that stays the same for the same person.
import { el } from "./dom.js";

export function initials(name) {
  const bare = name.trim();
  // Chinese characters and kana: the family name's first one says enough.
  if (/^[\u3040-\u30ff\u3400-\u9fff]/.test(bare)) return bare[0];
  const words = bare.split(/\s+/).filter((word) => /\p{L}/u.test(word));
  if (words.length === 0) return "#";
  return words
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join("");
}

export function colourOf(waId) {
  let sum = 0;
  for (const c of waId) sum = (sum * 31 + c.charCodeAt(0)) % 997;
  return sum % 8;
}

export function paintFace(node, name, waId) {
  node.textContent = initials(name);
  node.dataset.colour = colourOf(waId);
}

export function face(name, waId) {
  const node = el("span", { class: "face", "aria-hidden": "true" });
  paintFace(node, name, waId);
  return node;
}
