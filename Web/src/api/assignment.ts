import { answer, client } from './client';
import type { SkillLevel, ViewCondition } from './types';

/** Who takes tickets, and how they are given out (docs/api.md, "Assignment"). */
export interface Availability {
  id: string;
  name: string;
  /** False: away. */
  available: boolean;
  /** When that was switched last; null: never. */
  since: string | null;
  /** Tickets of theirs that wait on us. */
  load: number;
  /** How many of these they take at most. */
  capacity: number;
  /** Null: the account's counts. */
  ownCapacity: number | null;
  teamIds: string[];
  skills: SkillLevel[];
}

/** Who takes tickets, and how many tickets wait for one of them to be free. */
export interface Team {
  items: Availability[];
  waiting: { count: number; oldestAt: string | null };
}

export interface Skill {
  id: string;
  name: string;
  /** How many can. */
  people: number;
}

export const assignmentMethods = ['round_robin', 'least_loaded', 'by_skill', 'manual'] as const;
export type AssignmentMethod = (typeof assignmentMethods)[number];

export interface AssignmentRule {
  /** Null: a new one. */
  id: string | null;
  name: string;
  enabled: boolean;
  filters: ViewCondition[];
  method: AssignmentMethod;
  teamId: string | null;
  agentIds: string[];
  skills: SkillLevel[];
  /** What it names and is gone: it is passed over until that is mended. */
  missing: string[];
}

export interface AssignmentSettings {
  version: number;
  defaultCapacity: number;
  /** After so many minutes away somebody's tickets that wait on us go back. */
  awayMinutes: number;
  /** The first whose conditions all hold decides. */
  rules: AssignmentRule[];
}

/** Bodies whose optional parts the generated document describes as required. */
type Body = never;

const byId = (id: string) => ({ params: { path: { id } } });

export const assignment = {
  availability: (signal?: AbortSignal) => answer<Team>(client.GET('/api/v1/availability', { signal })),
  /** Null: one's own. */
  setAvailable: (id: string | null, available: boolean) =>
    answer<void>(
      id === null
        ? client.PUT('/api/v1/me/availability', { body: { available } })
        : client.PUT('/api/v1/people/{id}/availability', { ...byId(id), body: { available } }),
    ),
  setCapacity: (id: string, capacity: number | null) =>
    answer<void>(client.PUT('/api/v1/people/{id}/capacity', { ...byId(id), body: { capacity } as Body })),
  settings: (signal?: AbortSignal) =>
    answer<AssignmentSettings>(client.GET('/api/v1/assignment', { signal })),
  save: (settings: AssignmentSettings) =>
    answer<AssignmentSettings>(
      client.PUT('/api/v1/assignment', {
        body: {
          ...settings,
          rules: settings.rules.map(({ missing: _missing, ...rule }) => rule),
        } as Body,
      }),
    ),
  skills: async (signal?: AbortSignal) =>
    (await answer<{ items: Skill[] }>(client.GET('/api/v1/skills', { signal }))).items,
  addSkill: (name: string) => answer<Skill>(client.POST('/api/v1/skills', { body: { name } })),
  renameSkill: (id: string, name: string) =>
    answer<void>(client.PATCH('/api/v1/skills/{id}', { ...byId(id), body: { name } })),
  removeSkill: (id: string) => answer<void>(client.DELETE('/api/v1/skills/{id}', byId(id))),
  setSkills: (id: string, skills: SkillLevel[]) =>
    answer<void>(client.PUT('/api/v1/people/{id}/skills', { ...byId(id), body: { skills } as Body })),
};
