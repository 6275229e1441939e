import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { quarantine, type Revealed } from '../api/quarantine';
import { messageKeys } from '../messages/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { threadKeys } from '../threads/queries';
import styles from './Quarantine.module.css';

export type Act = 'quarantine' | 'reveal' | 'release';

interface Props {
  act: Act;
  threadId: string;
  messageId: string;
  onRevealed?: (content: Revealed) => void;
  onClose: () => void;
}

/** Asks why before something hidden is looked at, shown again, or put away. */
export function ReasonDialog({ act, threadId, messageId, onRevealed, onClose }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const run = useMutation({
    mutationFn: async () => {
      if (act === 'reveal') onRevealed?.(await quarantine.reveal(threadId, messageId, reason.trim()));
      else if (act === 'release') await quarantine.release(threadId, messageId, reason.trim());
      else await quarantine.hide(threadId, messageId, reason.trim());
    },
    onSuccess: () => {
      onClose();
      if (act === 'reveal') return;
      void queryClient.invalidateQueries({ queryKey: messageKeys.list(threadId) });
      void queryClient.invalidateQueries({ queryKey: threadKeys.counts });
      void queryClient.invalidateQueries({ queryKey: threadKeys.list('quarantined') });
    },
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    run.mutate();
  };
  return (
    <Dialog title={t(`quarantine.ask.${act}`)} lead={t(`quarantine.lead.${act}`)} onClose={onClose}>
      <form className={styles.form} onSubmit={save} data-testid="reason-dialog">
        <Field
          label={t('quarantine.reason')}
          hint={t('quarantine.reasonHint')}
          value={reason}
          maxLength={500}
          required
          dir="auto"
          data-autofocus
          data-testid="reason"
          onChange={(event) => setReason(event.target.value)}
        />
        {run.error && <Problem>{errorText(t, run.error)}</Problem>}
        <FormFoot>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={run.isPending || !reason.trim()}
            data-testid="reason-save"
          >
            {t(`quarantine.do.${act}`)}
          </Button>
        </FormFoot>
      </form>
    </Dialog>
  );
}
