import { readStored, writeStored } from '../shared/storage';
import { createStore } from '../shared/store';

const STORED = 'threadkeep.singleKeys';

/** Whether single keys (J, K, R…) act; kept on this machine. */
export const singleKeys = createStore(readStored<boolean>(STORED) ?? true);
singleKeys.subscribe(() => writeStored(STORED, singleKeys.get()));
