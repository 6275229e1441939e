import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Approval } from '../api/approvals';
import { draftsOf, withReturned } from '../composer/drafts';
import { useMe } from '../people/queries';
import { serverClock } from '../shared/serverClock';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { TextField } from '../shared/ui/Field';
import styles from './Approvals.module.css';
import { mayApprove, useDecide } from './queries';

/** What the reader may do about one that waits: decide, or take their own back. */
export function Decide({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const decide = useDecide(approval);
  const [asking, setAsking] = useState<'change' | 'return' | null>(null);
  const mine = approval.agent.id === agent.id;
  if (!mayApprove(agent))
    return mine ? (
      <div className={styles.acts}>
        <Withdraw approval={approval} />
      </div>
    ) : null;
  return (
    <div className={styles.acts}>
      <Button
        look="primary"
        disabled={decide.isPending}
        data-testid="waiting-approve"
        onClick={() => decide.mutate({ act: 'approve', text: null })}
      >
        {t('approvals.approve')}
      </Button>
      {approval.textChangeable && (
        <Button disabled={decide.isPending} data-testid="waiting-change" onClick={() => setAsking('change')}>
          {t('approvals.change')}
        </Button>
      )}
      <Button disabled={decide.isPending} data-testid="waiting-return" onClick={() => setAsking('return')}>
        {t('approvals.return')}
      </Button>
      {asking && <DecideDialog approval={approval} act={asking} onClose={() => setAsking(null)} />}
    </div>
  );
}

interface DialogProps {
  approval: Approval;
  act: 'change' | 'return';
  onClose: () => void;
}

/** The text as it shall go out, or what its author is told. */
function DecideDialog({ approval, act, onClose }: DialogProps) {
  const { t } = useTranslation();
  const decide = useDecide(approval);
  const [text, setText] = useState(act === 'change' ? (approval.text ?? '') : '');
  const isEmpty = text.trim() === '';
  return (
    <Dialog
      title={t(`approvals.${act}Title`)}
      lead={t(`approvals.${act}Lead`, { name: approval.agent.name, customer: approval.customer })}
      onClose={onClose}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isEmpty) return;
          decide.mutate(act === 'change' ? { act: 'approve', text } : { act, note: text }, {
            onSuccess: onClose,
          });
        }}
      >
        <TextField
          label={t(`approvals.${act}Label`)}
          value={text}
          rows={5}
          maxLength={act === 'change' ? 4096 : 1000}
          data-autofocus
          data-testid="waiting-text"
          onChange={(event) => setText(event.target.value)}
        />
        <div className={styles.acts}>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button
            look="primary"
            type="submit"
            disabled={isEmpty || decide.isPending}
            data-testid="waiting-do"
          >
            {t(`approvals.${act}Do`)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Taking back what waits: its text returns to the editor. */
function Withdraw({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const decide = useDecide(approval);
  return (
    <Button
      look="link"
      disabled={decide.isPending}
      data-testid="waiting-withdraw"
      onClick={() =>
        decide.mutate(
          { act: 'withdraw' },
          {
            onSuccess: ({ text, type, threadId }) => {
              if (type === 'text' && text)
                draftsOf(agent.id).set((all) => withReturned(all, threadId, text, serverClock.now()));
            },
          },
        )
      }
    >
      {t('approvals.withdraw')}
    </Button>
  );
}
