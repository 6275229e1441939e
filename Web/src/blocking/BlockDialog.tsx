import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { blocks } from '../api/endpoints';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { toast } from '../shared/ui/Toast';
import styles from './Blocking.module.css';
import { metaText, settleBlock } from './blocking';

interface Props {
  /** The conversations of the person: all of them are blocked. */
  threadIds: string[];
  name: string;
  onClose: () => void;
}

/** Says what a block means, and asks why. */
export function BlockDialog({ threadIds, name, onClose }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const block = useMutation({
    mutationFn: async () => {
      const done = [];
      for (const id of threadIds) done.push(await blocks.add(id, reason.trim()));
      return done;
    },
    onSuccess: (threads) => {
      for (const thread of threads) settleBlock(queryClient, thread);
      const first = threads.find(({ block: is }) => is)?.block;
      toast(`${t('block.done', { name })} ${first ? metaText(t, first) : ''}`);
      onClose();
    },
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    block.mutate();
  };
  return (
    <Dialog title={t('block.title', { name })} lead={t('block.lead')} onClose={onClose}>
      <form className={styles.form} onSubmit={save} data-testid="block-dialog">
        <Field
          label={t('block.reason')}
          hint={t('block.reasonHint')}
          value={reason}
          maxLength={500}
          required
          dir="auto"
          data-autofocus
          data-testid="block-reason"
          onChange={(event) => setReason(event.target.value)}
        />
        {block.error && <Problem>{errorText(t, block.error)}</Problem>}
        <FormFoot>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={block.isPending || !reason.trim()}
            data-testid="block-save"
          >
            {t('block.act')}
          </Button>
        </FormFoot>
      </form>
    </Dialog>
  );
}
