// The list of people; one tap opens a person's phone.
import { api } from "./api.js";
import { byId, el, keep } from "./dom.js";
import { face } from "./faces.js";
import { t, when, language } from "./i18n.js";
import { previewOf } from "./messagetext.js";
import { changed, onChange, store } from "./store.js";

const isTyping = (chat) => chat.typingUntil && new Date(chat.typingUntil) > new Date();

function row(chat) {
  const last = chat.last;
  const text = last ? previewOf(last).replaceAll("\n", " ") : t("nothingYet");
  const preview = isTyping(chat) ? t("writing") : last?.direction === "inbound" ? t("you", { text }) : text;
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "chat-row",
        "data-testid": `chat-${chat.waId}`,
        "aria-current": String(chat.waId === store.waId),
        onclick: () => changed("select:" + chat.waId),
      },
      face(chat.name, chat.waId),
      el(
        "span",
        {},
        el("span", { class: "name" }, chat.name),
        el("span", { class: isTyping(chat) ? "preview writing" : "preview" }, preview),
      ),
      el(
        "span",
        { class: "side" },
        el("span", {}, last ? when(last.at) : ""),
        chat.unread > 0 ? el("span", { class: "count" }, String(chat.unread)) : null,
      ),
    ),
  );
}

// Whoever wrote last is on top; people without messages keep their order below.
const newestFirst = (a, b) => new Date(b.last?.at ?? 0) - new Date(a.last?.at ?? 0);

function show() {
  const chats = [...store.chats].sort(newestFirst);
  keep(byId("chat-list"), [language(), store.waId, chats, chats.map(isTyping)], () => chats.map(row));
}

function openForm(open) {
  byId("person-form").hidden = !open;
  byId("person-problem").hidden = true;
  if (open) byId("person-name").focus();
}

async function addPerson(event) {
  event.preventDefault();
  const waId = byId("person-number").value.replace(/\D/g, "");
  const problem = byId("person-problem");
  problem.hidden = waId.length >= 8 && waId.length <= 15;
  problem.textContent = t("badNumber");
  if (!problem.hidden) return;
  await api.addCustomer(waId, byId("person-name").value.trim());
  byId("person-form").reset();
  openForm(false);
  changed("select:" + waId);
}

export function startChatList() {
  byId("add-person").addEventListener("click", () => openForm(byId("person-form").hidden));
  byId("person-cancel").addEventListener("click", () => openForm(false));
  byId("person-form").addEventListener("submit", addPerson);
  onChange(show);
}
