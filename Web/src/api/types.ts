/**
 * What the REST API says, in the console's words (docs/api.md). The generated schema checks paths and
 * parameters in endpoints.ts; everything else in the console uses these types, so that a regenerated
 * document touches one folder only.
 */
import type { OwnValue } from './properties';

export type Language = 'en' | 'ja';
export type SendKey = 'enter' | 'ctrlEnter';

export interface Agent {
  id: string;
  name: string;
  email: string;
  language: Language;
  /** Null until the agent has chosen. */
  sendKey: SendKey | null;
  role: string;
  /** What they send waits for a supervisor's word. */
  inTraining: boolean;
}

export interface Me {
  agent: Agent | null;
  account: { id: string; name: string; timeZone: string; country: string };
  serverTime: string;
  /** The account wants a second factor: until it is set up nothing else is answered. */
  secondFactorMissing: boolean;
}

/** What `GET /threads` narrows down by; views are something else. */
export type ThreadFilter = 'all' | 'unread' | 'open' | 'closing' | 'closed';

export type Direction = 'inbound' | 'outbound' | 'system' | 'note';

export interface AgentRef {
  id: string;
  name: string;
}

export interface TeamRef {
  id: string;
  name: string;
}

/** A skill with a level from 1 to 5: what somebody has, or what a ticket needs at least. */
export interface SkillLevel {
  id: string;
  level: number;
}

export const ticketStatuses = ['new', 'waiting_on_us', 'waiting_on_contact', 'closed'] as const;
export type TicketStatus = (typeof ticketStatuses)[number];
export const priorities = ['urgent', 'high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

/** When a ticket is due. */
export interface TicketSla {
  /** Null: nothing is due, or the clock stands. */
  dueAt: string | null;
  awaits: 'first_response' | 'resolution' | null;
  paused: boolean;
  firstResponseDueAt: string | null;
  resolutionDueAt: string | null;
  firstResponseBreached: boolean;
  resolutionBreached: boolean;
}

/** A thread's current ticket. */
export interface Ticket {
  id: string;
  number: number;
  status: TicketStatus;
  subject: string | null;
  priority: Priority;
  category: string | null;
  owner: AgentRef | null;
  team: TeamRef | null;
  skills: SkillLevel[];
  /** Since when it waits for somebody to be free. */
  queuedAt: string | null;
  tags: string[];
  /** The account's own properties, by their ids; what is not known is not there. */
  properties: Record<string, OwnValue>;
  snoozedUntil: string | null;
  /** Null: nothing is promised. */
  sla: TicketSla | null;
  /** Moves with every change that somebody makes; not with messages. */
  version: number;
}

/** What absent members are stays as it is; null empties. */
export interface TicketChange {
  version?: number;
  status?: TicketStatus;
  priority?: Priority;
  category?: string | null;
  ownerId?: string | null;
  teamId?: string | null;
  skills?: SkillLevel[];
  addSkills?: SkillLevel[];
  subject?: string | null;
  tags?: string[];
  addTags?: string[];
  removeTags?: string[];
  snoozedUntil?: string | null;
  /** Sets those that it names; null empties. */
  properties?: Record<string, OwnValue | null>;
}

/** A ticket that no conversation began. */
export interface NewTicket {
  subject: string;
  contactId?: string;
  description?: string;
  priority?: Priority;
  ownerId?: string;
  teamId?: string;
}

export interface TicketDetails extends Ticket {
  /** In the answer to a merge: older notes that did not come along. */
  notesLeft: number;
  source: string;
  openedAt: string;
  firstResponseAt: string | null;
  closedAt: string | null;
  /** Where it goes on; null: it was not merged. */
  mergedInto: { id: string; number: number; threadId: string | null } | null;
  threadId: string | null;
  whatsApp: {
    channelName: string;
    channelNumber: string;
    lastInboundAt: string | null;
    lastOutboundAt: string | null;
    firstResponseSeconds: number | null;
    received: number;
    sent: number;
    lastTemplate: { name: string; language: string; at: string } | null;
  } | null;
}
export type DeliveryStatus =
  | 'queued'
  | 'sending'
  | 'unconfirmed'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'played'
  | 'failed'
  | 'cancelled';

export interface Thread {
  id: string;
  /** Null: it is no conversation, but a ticket that has none. */
  channelId: string | null;
  /** Of nobody in particular: no id, and the ticket's subject for a name. */
  contact: { id: string | null; name: string };
  customer: {
    waId: string | null;
    userId: string | null;
    profileName: string | null;
    username?: string | null;
  };
  session: {
    open: boolean;
    openedAt: string | null;
    endsAt: string | null;
    /** Meta charges nothing until then: the customer came by an advertisement. Not in lists. */
    freeUntil?: string | null;
  };
  unread: number;
  ticket: Ticket | null;
  lastMessage: {
    id: string;
    direction: Direction;
    type: string;
    text: string | null;
    status: DeliveryStatus | null;
    at: string;
  } | null;
  lastActivityAt: string;
  version: number;
  /** What the view that it was listed by shows beside the usual, by the properties' keys. */
  columns?: Record<string, unknown> | null;
  /** The customer is blocked: what they write is kept, in no queue and told to nobody. */
  block?: Block | null;
  /** It goes on in another conversation, which stands in lists in its place. */
  merged?: Merged | null;
  /** Whom answers go to, where the customer wrote last from a conversation that goes on here. */
  replyTo?: { threadId: string; waId: string | null; userId: string | null } | null;
  /** Conversations that go on here. */
  takesIn?: string[] | null;
  /** What the customer said of marketing last; null: nothing. */
  marketing?: { stopped: boolean; at: string; source: string } | null;
}

export interface Merged {
  /** The conversation that takes what the customer writes. */
  into: string;
  at: string;
  /** Null: a program. */
  by: AgentRef | null;
}

export interface Block {
  at: string;
  /** Null: a program. */
  by: AgentRef | null;
  reason: string;
  /** Whether Meta keeps what they write from us, too. */
  atMeta: 'pending' | 'blocked' | 'refused';
  metaCode: number | null;
}

/** What a search is narrowed down by, as it stands in the address. Days are the reader's own, both inclusive. */
export interface SearchFilters {
  channelId?: string;
  ownerId?: string;
  status?: string;
  direction?: string;
  hasMedia?: string;
  source?: string;
  since?: string;
  until?: string;
}

export interface SearchHit {
  kind: 'message' | 'contact' | 'ticket';
  threadId: string | null;
  messageId: string | null;
  at: string;
  direction: Direction | null;
  type: string | null;
  contact: { id: string | null; name: string };
  ticket: { number: number; status: TicketStatus } | null;
  snippet: { field: string; text: string; highlights: { start: number; length: number }[] } | null;
}

/** What a macro does; what is absent it leaves alone. */
export interface MacroActions {
  status?: TicketStatus | null;
  priority?: Priority | null;
  /** An id, `me` for whoever runs it, or `none`. */
  owner?: string | null;
  /** An id, or `none`. */
  team?: string | null;
  addSkills?: SkillLevel[] | null;
  addTags?: string[] | null;
  properties?: Record<string, OwnValue | null> | null;
  note?: string | null;
  snippet?: string | null;
  template?: string | null;
}

export interface Macro {
  id: string;
  name: string;
  actions: MacroActions;
  version: number;
}

export interface StoredDraft {
  threadId: string;
  kind: 'reply' | 'note';
  text: string;
  basedOn: string;
  changedAt: string;
}

export interface ViewCondition {
  property: string;
  operator: string;
  values?: string[] | null;
  from?: string | null;
  to?: string | null;
  hours?: number | null;
}

export type Sharing = 'private' | 'team' | 'everyone';

export interface ViewInput {
  name: string;
  sharing: Sharing;
  teamId?: string | null;
  filters: ViewCondition[];
  columns: string[];
  sort: string;
  descending: boolean;
}

export interface View extends Omit<ViewInput, 'name'> {
  /** A default view's name, or an id. */
  id: string;
  /** Null for a default view. */
  name: string | null;
  isDefault: boolean;
  ownerName: string | null;
  canEdit: boolean;
  pinned: boolean;
  version: number;
  /** Properties that it names and that are gone. */
  missing: string[];
}

export interface ViewProperty {
  key: string;
  type:
    | 'text'
    | 'number'
    | 'time'
    | 'choice'
    | 'agent'
    | 'channel'
    | 'team'
    | 'flag'
    | 'tags'
    | 'skill'
    | 'date'
    | 'choices';
  operators: string[];
  choices: string[] | null;
  /** Of a property of the account's own; the console has the names of the others. */
  label: string | null;
  choiceLabels: string[] | null;
}

export interface Media {
  /** Null until it has been fetched. */
  id: string | null;
  mimeType: string | null;
  size: number | null;
  fileName: string | null;
  state: 'pending' | 'ready' | 'failed' | 'too_large' | 'damaged' | 'infected' | 'held';
  url: string | null;
  /** Null where there was no scanner to ask. */
  scan?: 'clean' | 'infected' | 'notScanned' | null;
}

export type StatusStage = 'sent' | 'delivered' | 'read' | 'played' | 'failed';

export interface Message {
  id: string;
  cursor: string;
  wamid: string | null;
  direction: Direction;
  type: string;
  text: string | null;
  media: Media | null;
  template: { name: string; language: string } | null;
  agent: { id: string; name: string } | null;
  at: string;
  receivedAt: string;
  late: boolean;
  timeDoubtful: boolean;
  status: DeliveryStatus | null;
  statusTimes: Partial<Record<StatusStage, string | null>> | null;
  error: { code: string; metaCode: number | null; title: string | null; detail: string | null } | null;
  canSendAgain: boolean;
  canCancel: boolean;
  /** Particulars of system items. */
  data?: Record<string, unknown> | null;
  /** What it holds besides text and file, by type. */
  content?: MessageContent | null;
  /** What it answers or is about. */
  quoted?: Quoted | null;
  reactions?: StandingReaction[] | null;
  edited?: { at: string; earlier: { text: string | null; at: string }[] } | null;
  /** Whoever wrote it has taken it back. */
  deletedAt?: string | null;
  /** It is queued until then, and can be taken back. */
  leavesAt?: string | null;
  /** Its author was in training: who let it out, and what it said where they changed that. */
  approved?: { by: AgentRef; originalText: string | null } | null;
}

export interface MessageContent {
  location?: {
    latitude: number | null;
    longitude: number | null;
    /** False: no such place is on Earth. */
    sensible: boolean;
    name: string | null;
    address: string | null;
  } | null;
  contacts?: Card[] | null;
  moreContacts?: number | null;
  answer?: {
    kind: string;
    id: string | null;
    title: string | null;
    description: string | null;
    values: { name: string; value: string }[] | null;
  } | null;
  order?: {
    catalogId: string | null;
    text: string | null;
    items: { productId: string; quantity: number | null; price: number | null; currency: string | null }[];
  } | null;
  interactive?: Interactive | null;
  reaction?: { emoji: string | null } | null;
  unsupported?: { type: string | null; code: number | null; title: string | null } | null;
  /** A system event's name. */
  event?: string | null;
  voice?: boolean | null;
  animated?: boolean | null;
  /** Of a call: the number to call back, in digits. */
  caller?: string | null;
  referral?: {
    sourceType: string | null;
    sourceUrl: string | null;
    headline: string | null;
    body: string | null;
  } | null;
  forwarded?: string | null;
  product?: { catalogId: string | null; productId: string | null } | null;
}

export interface Card {
  name: string;
  firstName: string | null;
  lastName: string | null;
  phones: { phone: string; waId: string | null; type: string | null }[];
  emails: string[];
  addresses: string[];
  urls: string[];
  organisation: string | null;
  birthday: string | null;
}

export interface Interactive {
  kind: string;
  header: string | null;
  footer: string | null;
  buttons: string[];
  url: string | null;
  sections: { title: string | null; rows: { title: string; description: string | null }[] }[];
}

/** Without an id it is not kept here. */
export interface Quoted {
  wamid: string;
  id: string | null;
  direction: Direction | null;
  type: string | null;
  text: string | null;
  fileName: string | null;
}

export interface StandingReaction {
  emoji: string;
  direction: Direction;
  agentName: string | null;
  at: string;
  status: DeliveryStatus | null;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export type TemplateParameter =
  | { type: 'text'; text: string; parameter_name?: string }
  | { type: 'coupon_code'; coupon_code: string }
  | { type: 'image'; image: { id: string } }
  | { type: 'video'; video: { id: string } }
  | { type: 'document'; document: { id: string } }
  | {
      type: 'location';
      location: { latitude: number; longitude: number; name?: string; address?: string };
    };

export type TemplateComponent =
  | { type: 'header' | 'body'; parameters: TemplateParameter[] }
  | { type: 'button'; sub_type: 'url' | 'copy_code'; index: string; parameters: TemplateParameter[] };

/** The body of a send, as in the Cloud API without `to`. */
export type SendBody = { context?: { message_id: string } } & (
  | { type: 'text'; text: { body: string } }
  | { type: 'image'; image: { id: string; caption?: string } }
  | { type: 'video'; video: { id: string; caption?: string } }
  | { type: 'audio'; audio: { id: string; voice?: boolean } }
  | { type: 'document'; document: { id: string; caption?: string; filename?: string } }
  | { type: 'sticker'; sticker: { id: string } }
  | { type: 'reaction'; reaction: { message_id: string; emoji: string } }
  | {
      type: 'location';
      location: { latitude: number; longitude: number; name?: string; address?: string };
    }
  | { type: 'contacts'; contacts: CardToSend[] }
  | { type: 'interactive'; interactive: InteractiveToSend }
  | {
      type: 'template';
      template: { name: string; language: { code: string }; components: TemplateComponent[] };
    }
);

export interface CardToSend {
  name: { formatted_name: string; first_name?: string; last_name?: string };
  phones?: { phone: string; type: string; wa_id?: string }[];
  emails?: { email: string; type: string }[];
}

export interface InteractiveToSend {
  type: 'button' | 'list' | 'cta_url' | 'location_request_message';
  header?: { type: 'text'; text: string };
  body: { text: string };
  footer?: { text: string };
  action: Record<string, unknown>;
}

export interface Accepted {
  id: string;
  status: DeliveryStatus | 'waiting_for_approval';
  /** Null: it waits for somebody's word first. */
  message: Message | null;
}

export interface UploadedMedia {
  id: string;
  mimeType: string;
  size: number;
  /** What it may be sent as. */
  as: 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';
}

export interface Template {
  name: string;
  language: string;
  category: string;
  status: string;
  /** TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION. */
  headerFormat: string | null;
  header: string | null;
  body: string;
  footer: string | null;
  /** One that needs a value is given the end of its address, or its code, by each send. */
  buttons: { type: string; text: string; url: string | null; needsValue: boolean }[];
  variables: string[];
  parameterFormat: string;
}

export interface Quota {
  /** Null: no limit. */
  limit: number | null;
  used: number;
  reserved: number;
  periodStart: string;
  resetsAt: string;
  /** Of the settings that were made last: they may hold from the next period on. */
  anniversaryDay: number;
  timeZone: string;
  mayChangeLimit: boolean;
}

export interface Channel {
  id: string;
  name: string;
  displayPhoneNumber: string;
  wabaId: string;
  state: 'ready' | 'connected' | 'disconnected';
  attention: string | null;
}

export interface WriterFigures {
  name: 'threads' | 'statuses';
  waiting: number;
  perSecond: number;
  batchP50: number | null;
  batchP99: number | null;
  /** Milliseconds. */
  commitP50: number | null;
  commitP99: number | null;
  turnedAwayPerSecond: number;
}

export type SiloState = 'none' | 'created' | 'joining' | 'active' | 'shuttingDown' | 'stopping' | 'dead';

export interface Silo {
  address: string;
  name: string;
  state: SiloState;
  startedAt: string;
  lastSeenAt: string;
  /** Null: it has not reported lately. */
  figures: { cpuPercent: number; memoryBytes: number; writers: WriterFigures[] } | null;
}

export interface ApiHost {
  name: string;
  startedAt: string;
  cpuPercent: number;
  memoryBytes: number;
  webhooks: {
    acknowledgedPerSecond: number;
    tryAgainPerSecond: number;
    refusedPerSecond: number;
    /** Milliseconds. */
    p50: number | null;
    p99: number | null;
  };
  feed: { browsers: number; hintsPerSecond: number; resyncsPerMinute: number };
}

/** How the deployment is; figures are of the last minute. */
export interface Operations {
  at: string;
  silos: Silo[];
  apiHosts: ApiHost[];
  backlog: {
    outbound: number;
    outboundOldestSeconds: number;
    leftovers: number;
    unclaimedLeftovers: number;
    overdueAlarms: number;
    alarmLagSeconds: number;
    reminders: number;
    mediaJobs: number;
  };
}

/** Something of a webhook that could not be stored as it came. */
export interface Leftover {
  id: string;
  channelId: string | null;
  phoneNumberId: string;
  threadId: string | null;
  messageId: string | null;
  kind: string;
  reason: string;
  detail: string;
  receivedAt: string;
  replayedAt: string | null;
  raw: string;
}
