import type { Interactive, InteractiveToSend } from '../../api/types';

export type TappableKind = InteractiveToSend['type'];

/** What is being built; rows belong to lists, buttons to buttons. */
export interface Parts {
  body: string;
  header: string;
  footer: string;
  buttons: string[];
  /** The button that opens the list, or the link's. */
  button: string;
  url: string;
  rows: { title: string; description: string }[];
}

export const noParts: Parts = {
  body: '',
  header: '',
  footer: '',
  buttons: [''],
  button: '',
  url: '',
  rows: [{ title: '', description: '' }],
};

/** WhatsApp's own (docs/api.md, Messages). */
export const limits = {
  body: 1024,
  listBody: 4096,
  header: 60,
  footer: 60,
  button: 20,
  buttons: 3,
  rows: 10,
  row: 24,
  description: 72,
} as const;

/** The message, or null while something that must be there is missing. */
export function build(kind: TappableKind, parts: Parts): InteractiveToSend | null {
  const body = parts.body.trim();
  const action = actionOf(kind, parts);
  if (!body || !action) return null;
  const plain = kind === 'location_request_message';
  return {
    type: kind,
    ...(!plain && parts.header.trim() && { header: { type: 'text' as const, text: parts.header.trim() } }),
    body: { text: body },
    ...(!plain && parts.footer.trim() && { footer: { text: parts.footer.trim() } }),
    action,
  };
}

function actionOf(kind: TappableKind, parts: Parts): Record<string, unknown> | null {
  const button = parts.button.trim();
  switch (kind) {
    case 'button': {
      const titles = parts.buttons.map((title) => title.trim()).filter(Boolean);
      if (titles.length === 0 || new Set(titles).size < titles.length) return null;
      return {
        buttons: titles.map((title, index) => ({
          type: 'reply',
          reply: { id: `button-${index + 1}`, title },
        })),
      };
    }
    case 'list': {
      const rows = parts.rows.filter(({ title }) => title.trim());
      if (rows.length === 0 || !button) return null;
      return {
        button,
        sections: [
          {
            rows: rows.map(({ title, description }, index) => ({
              id: `row-${index + 1}`,
              title: title.trim(),
              ...(description.trim() && { description: description.trim() }),
            })),
          },
        ],
      };
    }
    case 'cta_url':
      return button && /^https?:\/\/[^\s.]+\.\S+$/.test(parts.url.trim())
        ? { name: 'cta_url', parameters: { display_text: button, url: parts.url.trim() } }
        : null;
    case 'location_request_message':
      return { name: 'send_location' };
  }
}

/** As the phone will show it, whatever is still missing. */
export function previewOf(kind: TappableKind, parts: Parts): Interactive {
  return {
    kind,
    header: parts.header.trim() || null,
    footer: parts.footer.trim() || null,
    url: parts.url || null,
    buttons: (kind === 'button' ? parts.buttons : [parts.button]).filter((title) => title.trim()),
    sections: kind === 'list' ? [{ title: null, rows: parts.rows.filter(({ title }) => title.trim()) }] : [],
  };
}
