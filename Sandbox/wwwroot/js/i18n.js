// One catalogue a language. The browser's choice first, then what was chosen here.
const languages = ["en", "ja"];
let words = {};
let current = "en";

export const language = () => current;

export function firstLanguage() {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("sandbox.language");
  if (languages.includes(asked)) return asked;
  return navigator.language?.toLowerCase().startsWith("ja") ? "ja" : "en";
}

export const otherLanguage = () => (current === "ja" ? "en" : "ja");
export const languageName = (code) => ({ en: "English", ja: "日本語" })[code];

export async function useLanguage(code) {
  const answer = await fetch(`/locales/${code}.json`);
  words = await answer.json();
  current = code;
  document.documentElement.lang = code;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", t(node.dataset.label));
    node.title = t(node.dataset.label);
  }
  for (const node of document.querySelectorAll("[data-placeholder]")) {
    node.placeholder = t(node.dataset.placeholder);
    node.setAttribute("aria-label", t(node.dataset.placeholder));
  }
}

export const has = (key) => key in words;

export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const format = (options) => new Intl.DateTimeFormat(current, options);

export const clock = (at) => format({ hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(at));

export const clockSeconds = (at) =>
  format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(new Date(at));

export const dayKey = (at) => new Date(at).toDateString();

export function day(at) {
  const date = new Date(at);
  const yesterday = new Date();
  yesterday.setDate(yesterday.getDate() - 1);
  if (date.toDateString() === new Date().toDateString()) return t("today");
  if (date.toDateString() === yesterday.toDateString()) return t("yesterday");
  return format({ month: "long", day: "numeric", weekday: "short" }).format(date);
}

/** For lists: the time today, else the day. */
export function when(at) {
  if (dayKey(at) === new Date().toDateString()) return clock(at);
  return format({ month: "numeric", day: "numeric" }).format(new Date(at));
}

export function duration(milliseconds) {
  const minutes = Math.max(0, Math.floor(milliseconds / 60000));
  const pad = String(minutes % 60).padStart(2, "0");
  return current === "ja" ? `${Math.floor(minutes / 60)}時間${pad}分` : `${Math.floor(minutes / 60)} h ${pad} min`;
}
