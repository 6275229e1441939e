import { answer, client } from './client';

/** Properties of tickets that the account has defined (docs/api.md, "Tickets"). */
export const ownTypes = ['text', 'number', 'date', 'choice', 'choices', 'flag'] as const;
export type OwnType = (typeof ownTypes)[number];

/** A text, a number, a date (yyyy-MM-dd), a choice's id, ids of choices, or yes and no. */
export type OwnValue = string | number | boolean | string[];

export interface OwnChoice {
  id: string;
  label: string;
  /** Not to be chosen any more. */
  archived: boolean;
}

export interface OwnProperty {
  id: string;
  label: string;
  type: OwnType;
  choices: OwnChoice[];
  askOnClose: boolean;
  archived: boolean;
  version: number;
}

export interface OwnPropertyInput {
  label: string;
  type: OwnType;
  choices?: { id?: string; label: string; archived?: boolean }[];
  askOnClose: boolean;
}

const byId = (id: string) => ({ params: { path: { id } } });

export const ownProperties = {
  list: async (signal?: AbortSignal) =>
    (await answer<{ items: OwnProperty[] }>(client.GET('/api/v1/ticket-properties', { signal }))).items,
  add: (input: OwnPropertyInput) =>
    answer<OwnProperty>(client.POST('/api/v1/ticket-properties', { body: input as never })),
  change: (id: string, change: Partial<OwnPropertyInput> & { version: number; archived?: boolean }) =>
    answer<OwnProperty>(
      client.PATCH('/api/v1/ticket-properties/{id}', { ...byId(id), body: change as never }),
    ),
  remove: (id: string) => answer<void>(client.DELETE('/api/v1/ticket-properties/{id}', byId(id))),
};
