import { answer, client } from './client';

/** The deployment's Meta app (docs/api.md, "Meta app"). Secrets are never told. */
export interface MetaApp {
  appId: string | null;
  configurationId: string | null;
  appSecretSet: boolean;
  verifyTokenSet: boolean;
  mode: 'meta' | 'sandbox';
  graphVersion: string;
  address: string | null;
  webhookUrl: string | null;
}

/** What is absent stays. */
export interface MetaAppChange {
  appId: string;
  configurationId?: string;
  appSecret?: string;
  verifyToken?: string;
}

export interface MetaAppStep {
  step: string;
  state: 'waiting' | 'running' | 'ok' | 'warning' | 'failed' | 'skipped';
  code: string | null;
  found: string | null;
}

export interface MetaAppCheck {
  state: 'none' | 'running' | 'done' | 'interrupted';
  startedAt: string | null;
  finishedAt: string | null;
  startedBy: string | null;
  steps: MetaAppStep[];
}

export const metaApp = {
  get: (signal?: AbortSignal) => answer<MetaApp>(client.GET('/api/v1/meta-app', { signal })),
  change: (change: MetaAppChange) =>
    answer<MetaApp>(client.PUT('/api/v1/meta-app', { body: change as never })),
  lastCheck: (signal?: AbortSignal) => answer<MetaAppCheck>(client.GET('/api/v1/meta-app/check', { signal })),
  check: () => answer<MetaAppCheck>(client.POST('/api/v1/meta-app/check')),
};
