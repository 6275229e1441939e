import { answer, client } from './client';

/** Business hours and what goes by them (docs/api.md, "Business hours"). */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof weekdays)[number];

export interface Span {
  day: Weekday;
  /** HH:mm. */
  from: string;
  /** HH:mm or 24:00; not after `from`: on the next day. */
  to: string;
}

export interface OwnHoliday {
  date: string;
  name: string;
  yearly: boolean;
}

export interface ScheduleInput {
  name: string;
  timeZone: string;
  spans: Span[];
  countries: string[];
  holidays: OwnHoliday[];
}

export interface Schedule extends ScheduleInput {
  id: string;
  version: number;
}

export interface SchedulePreview {
  openNow: boolean;
  nextOpening: string | null;
  openings: { from: string; to: string }[];
  daysOff: { date: string; key: string | null; name: string | null }[];
}

const byId = (id: string) => ({ params: { path: { id } } });

export const schedules = {
  list: async (signal?: AbortSignal) =>
    (await answer<{ items: Schedule[] }>(client.GET('/api/v1/schedules', { signal }))).items,
  save: ({ id, version, ...input }: ScheduleInput & { id?: string; version?: number }) =>
    id === undefined
      ? answer<Schedule>(client.POST('/api/v1/schedules', { body: { ...input, version: null } }))
      : answer<Schedule>(
          client.PUT('/api/v1/schedules/{id}', { ...byId(id), body: { ...input, version: version ?? 0 } }),
        ),
  remove: (id: string) => answer<void>(client.DELETE('/api/v1/schedules/{id}', byId(id))),
  preview: (input: ScheduleInput, signal?: AbortSignal) =>
    answer<SchedulePreview>(
      client.POST('/api/v1/schedules/preview', { body: { ...input, version: null }, signal }),
    ),
};

export interface SlaPolicy {
  /** Absent: a new one. */
  id?: string;
  name: string;
  targets: { priority: string; firstResponseMinutes: number | null; resolutionMinutes: number | null }[];
  /** Null: every hour counts. */
  scheduleId: string | null;
  /** None: all. */
  channelIds: string[];
}

export interface SlaSettings {
  version: number;
  policies: SlaPolicy[];
}

export const sla = {
  get: (signal?: AbortSignal) => answer<SlaSettings>(client.GET('/api/v1/sla', { signal })),
  change: (settings: SlaSettings) =>
    answer<SlaSettings>(client.PUT('/api/v1/sla', { body: settings as never })),
};

export interface FirstContact {
  version: number;
  greeting: { enabled: boolean; text: string };
  outOfHours: { enabled: boolean; text: string; scheduleId: string | null };
  menu: { enabled: boolean; text: string; buttons: MenuButton[] };
}

/** A tap sets the ticket's category, its team, or both. */
export interface MenuButton {
  key?: string;
  title: string;
  category?: string | null;
  teamId?: string | null;
}

export const firstContact = {
  get: (channelId: string, signal?: AbortSignal) =>
    answer<FirstContact>(client.GET('/api/v1/channels/{id}/first-contact', { ...byId(channelId), signal })),
  change: (channelId: string, settings: FirstContact) =>
    answer<FirstContact>(
      client.PUT('/api/v1/channels/{id}/first-contact', { ...byId(channelId), body: settings as never }),
    ),
};
