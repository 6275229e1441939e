import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { createStore, useStore } from '../store';
import { Button, IconButton } from './Button';
import styles from './Toast.module.css';

interface Action {
  label: string;
  run: () => void;
  /** It leads on, and takes nothing back: the key for taking back leaves it alone. */
  leadsOn?: boolean;
}

const current = createStore<{ text: string; action?: Action } | null>(null);
const SHOWN_MS = 7000;
/** Long enough to notice that it was the wrong one. */
const UNDO_MS = 10_000;

/** One at a time: a new one takes the place of the last. With an action, one that takes back what was just done. */
export function toast(text: string, action?: Action): void {
  current.set({ text, action });
}

export function clearToast(): void {
  current.set(null);
}

/** False while one is shown that takes something back: nothing that comes in passing may take its place. */
export function toastIsFree(): boolean {
  const action = current.get()?.action;
  return !action || action.leadsOn === true;
}

/** Takes back what was just done, as the shown toast's button would. */
export function runToastAction(): boolean {
  const action = current.get()?.action;
  if (!action || action.leadsOn) return false;
  run(action);
  return true;
}

function run(action: Action): void {
  current.set(null);
  action.run();
}

export function ToastRegion() {
  const { t } = useTranslation();
  const shown = useStore(current);

  useEffect(() => {
    if (!shown) return;
    const timer = window.setTimeout(() => current.set(null), shown.action ? UNDO_MS : SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [shown]);

  return (
    <div className={styles.region} role="status">
      {shown && (
        <div className={styles.toast}>
          <span>{shown.text}</span>
          {shown.action && <ActionButton action={shown.action} />}
          <IconButton icon="close" size={16} label={t('common.close')} onClick={() => current.set(null)} />
        </div>
      )}
    </div>
  );
}

function ActionButton({ action }: { action: Action }) {
  return (
    <Button
      look="link"
      data-testid={action.leadsOn ? 'toast-open' : 'toast-action'}
      onClick={() => run(action)}
    >
      {action.label}
    </Button>
  );
}
