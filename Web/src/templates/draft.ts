import type { LibraryTemplate, TemplateButton, TemplateDraft } from '../api/templateLibrary';
import type { Template } from '../api/types';
import { fieldKey, fieldsOf, type Values, variablesOf } from './template';

export const emptyDraft: TemplateDraft = {
  name: '',
  language: 'en_US',
  category: 'UTILITY',
  parameterFormat: 'NAMED',
  header: null,
  body: '',
  footer: '',
  buttons: [],
  samples: {},
};

export const emptyButton: TemplateButton = {
  type: 'QUICK_REPLY',
  text: '',
  url: '',
  phoneNumber: '',
  example: '',
};

interface Component {
  type: string;
  format?: string;
  text?: string;
  example?: Record<string, unknown>;
  buttons?: {
    type: string;
    text?: string;
    url?: string;
    phone_number?: string;
    example?: string | string[];
  }[];
}

interface NamedSample {
  param_name: string;
  example: string;
}

/** A template of Meta's as a draft that can be changed. */
export function draftOf({ template, components }: LibraryTemplate): TemplateDraft {
  const parts = JSON.parse(components) as Component[];
  const part = (type: string) => parts.find((one) => one.type.toUpperCase() === type);
  const header = part('HEADER');
  const body = part('BODY');
  return {
    name: template.name,
    language: template.language,
    category: template.category,
    parameterFormat: template.parameterFormat === 'NAMED' ? 'NAMED' : 'POSITIONAL',
    header: header ? { format: header.format ?? 'TEXT', text: header.text ?? '', mediaId: null } : null,
    body: body?.text ?? '',
    footer: part('FOOTER')?.text ?? '',
    buttons: (part('BUTTONS')?.buttons ?? []).map((button) => ({
      type: button.type as TemplateButton['type'],
      text: button.text ?? '',
      url: button.url ?? '',
      phoneNumber: button.phone_number ?? '',
      example: (Array.isArray(button.example) ? button.example[0] : button.example) ?? '',
    })),
    samples: { ...samplesOf(body?.example, 'body_text'), ...headerSampleOf(header?.example) },
  };
}

function samplesOf(example: Component['example'], kind: 'body_text'): Record<string, string> {
  const named = example?.[`${kind}_named_params`] as NamedSample[] | undefined;
  if (named) return Object.fromEntries(named.map((one) => [one.param_name, one.example]));
  const positional = (example?.[kind] as string[][] | undefined)?.[0] ?? [];
  return Object.fromEntries(positional.map((value, at) => [String(at + 1), value]));
}

function headerSampleOf(example: Component['example']): Record<string, string> {
  const named = example?.header_text_named_params as NamedSample[] | undefined;
  const value = named?.[0]?.example ?? (example?.header_text as string[] | undefined)?.[0];
  return value === undefined ? {} : { header: value };
}

/** The draft as the picker and the phone would show it. */
export function templateOf(draft: TemplateDraft): Template {
  return {
    name: draft.name,
    language: draft.language,
    category: draft.category,
    status: 'PENDING',
    headerFormat: draft.header?.format ?? null,
    header: draft.header?.format === 'TEXT' ? draft.header.text : null,
    body: draft.body,
    footer: draft.footer || null,
    buttons: draft.buttons.map(({ type, text, url }) => ({
      type,
      text,
      url,
      needsValue: type === 'COPY_CODE' || variablesOf(url).length > 0,
    })),
    variables: variablesOf(draft.body),
    parameterFormat: draft.parameterFormat,
  };
}

/** What the preview shows for variables: their samples. */
export function valuesOf(draft: TemplateDraft): Values {
  const values: Values = {};
  for (const field of fieldsOf(templateOf(draft)).filter(({ part }) => part === 'header' || part === 'body'))
    values[fieldKey(field)] = draft.samples[field.part === 'header' ? 'header' : field.name] ?? '';
  return values;
}

/** The next variable to insert: the next number, or a name that is still free. */
export function nextVariable(draft: TemplateDraft): string {
  const known = variablesOf(draft.body);
  if (draft.parameterFormat === 'POSITIONAL') return `{{${known.length + 1}}}`;
  let n = known.length + 1;
  while (known.includes(`value_${n}`)) n++;
  return `{{value_${n}}}`;
}
