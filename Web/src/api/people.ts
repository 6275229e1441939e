import { answer, client } from './client';

/** People, teams and what belongs to an account's settings (docs/api.md, "People"). */
export type Role = 'admin' | 'supervisor' | 'agent' | 'viewer';
export const roles: Role[] = ['admin', 'supervisor', 'agent', 'viewer'];

export interface Person {
  id: string;
  name: string;
  email: string;
  role: Role;
  /** False: only `channelIds` and the channels of their teams. */
  allChannels: boolean;
  channelIds: string[];
  teamIds: string[];
  active: boolean;
  /** Running sign-in sessions; null for whoever does not manage people. */
  sessions: number | null;
}

export interface PersonChange {
  name?: string;
  role?: Role;
  allChannels?: boolean;
  channelIds?: string[];
  teamIds?: string[];
  active?: boolean;
}

export interface Team {
  id: string;
  name: string;
  memberIds: string[];
  channelIds: string[];
}

export interface TeamChange {
  name?: string;
  memberIds?: string[];
  channelIds?: string[];
}

/** Bodies whose optional parts the generated document describes as required. */
type Body = never;

const byId = (id: string) => ({ params: { path: { id } } });

export const directory = {
  people: async (signal?: AbortSignal) =>
    (await answer<{ items: Person[] }>(client.GET('/api/v1/people', { signal }))).items,
  changePerson: (id: string, change: PersonChange) =>
    answer<Person>(client.PATCH('/api/v1/people/{id}', { ...byId(id), body: change as Body })),
  signOutPerson: (id: string) =>
    answer<{ ended: number }>(client.DELETE('/api/v1/people/{id}/sessions', byId(id))),
  teams: async (signal?: AbortSignal) =>
    (await answer<{ items: Team[] }>(client.GET('/api/v1/teams', { signal }))).items,
  addTeam: (change: TeamChange) => answer<Team>(client.POST('/api/v1/teams', { body: change as Body })),
  changeTeam: (id: string, change: TeamChange) =>
    answer<Team>(client.PATCH('/api/v1/teams/{id}', { ...byId(id), body: change as Body })),
  removeTeam: (id: string) => answer<void>(client.DELETE('/api/v1/teams/{id}', byId(id))),
};
