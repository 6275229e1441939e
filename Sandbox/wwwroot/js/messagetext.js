// What a message says, in one line of text.
import { t, has } from "./i18n.js";

export function textOf(message) {
  const content = message.content ?? {};
  switch (message.type) {
    case "text":
      return content.body ?? "";
    case "template":
      return message.template?.body ?? t("kind.template");
    case "button":
      return content.text ?? "";
    case "interactive":
      return content.button_reply?.title ?? content.list_reply?.title ?? content.body?.text ?? "";
    case "image":
    case "video":
    case "document":
      return content.caption ?? "";
    default:
      return "";
  }
}

export function kindOf(message) {
  const key = "kind." + message.type;
  return has(key) ? t(key) : t("kind.other", { type: message.type });
}

/** For lists and quotes: the text, or the kind where there is none. */
export const previewOf = (message) => textOf(message) || kindOf(message);
