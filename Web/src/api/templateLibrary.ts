import { answer, client } from './client';
import type { Template } from './types';

/** Templates in every state (docs/api.md, "Templates"). */
export interface LibraryTemplate {
  /** Meta's. */
  id: string;
  wabaId: string;
  status: string;
  quality: string | null;
  reason: string | null;
  /** Meta's JSON, as text. */
  components: string;
  template: Template;
}

export type ButtonType = 'QUICK_REPLY' | 'URL' | 'PHONE_NUMBER' | 'COPY_CODE';

export interface TemplateButton {
  type: ButtonType;
  text: string;
  url: string;
  phoneNumber: string;
  example: string;
}

export interface TemplateDraft {
  name: string;
  language: string;
  category: string;
  parameterFormat: 'NAMED' | 'POSITIONAL';
  /** The file of a header is a sample that was uploaded; null: none yet. */
  header: { format: string; text: string; mediaId: string | null } | null;
  body: string;
  footer: string;
  buttons: TemplateButton[];
  samples: Record<string, string>;
}

export interface TemplateFault {
  field: string;
  code: string;
}

const byId = (id: string) => ({ params: { path: { id } } });

export const templateLibrary = {
  list: async (signal?: AbortSignal) =>
    (await answer<{ items: LibraryTemplate[] }>(client.GET('/api/v1/templates/library', { signal }))).items,
  check: async (draft: TemplateDraft, signal?: AbortSignal) =>
    (
      await answer<{ faults: TemplateFault[] }>(
        client.POST('/api/v1/templates/check', { body: draft as never, signal }),
      )
    ).faults,
  create: (channelId: string, draft: TemplateDraft) =>
    answer<{ id: string }>(
      client.POST('/api/v1/templates', { body: { channelId, template: draft } as never }),
    ),
  edit: (id: string, draft: TemplateDraft) =>
    answer<{ id: string }>(client.PUT('/api/v1/templates/{id}', { ...byId(id), body: draft as never })),
  remove: (id: string) => answer<void>(client.DELETE('/api/v1/templates/{id}', byId(id))),
  sync: () => answer<unknown>(client.POST('/api/v1/templates/sync')),
};
