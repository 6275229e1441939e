import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { quarantine } from '../api/quarantine';
import type { Message } from '../api/types';
import { FormattedText } from '../messages/FormattedText';
import { useMe } from '../people/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { laterDialog } from '../shared/ui/later';
import { toast } from '../shared/ui/Toast';
import { type Hidden, mayReview, rulesText } from './hidden';
import styles from './Quarantine.module.css';
import type { Act } from './ReasonDialog';

const ReasonDialog = laterDialog(async () => (await import('./ReasonDialog')).ReasonDialog);

/** Under a message that a rule has found: why, and how to look at what is hidden. */
export function HiddenMark({ message, hidden }: { message: Message; hidden: Hidden }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const threadId = message.id.slice(0, 32);
  const [act, setAct] = useState<Act | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const [file, setFile] = useState<{ url: string; isPicture: boolean } | null>(null);
  const look = useMutation({
    mutationFn: () => quarantine.reveal(threadId, message.id),
    onSuccess: ({ text }) => setShown(text ?? ''),
    onError: (error) => toast(errorText(t, error)),
  });
  const reviews = mayReview(agent.role);
  const why = rulesText(t, hidden.rules);
  return (
    <span className={styles.mark} data-testid="hidden-mark" data-effect={hidden.effect}>
      <Icon name={hidden.effect === 'mark' ? 'alert' : 'eyeOff'} size={13} />
      <span className={styles.why}>{t(`quarantine.${hidden.effect}ed`, { why })}</span>
      {hidden.effect === 'mask' && shown === null && agent.role !== 'viewer' && (
        <Button look="link" disabled={look.isPending} data-testid="hidden-show" onClick={() => look.mutate()}>
          {t('quarantine.show')}
        </Button>
      )}
      {hidden.effect === 'quarantine' && reviews && (
        <>
          {shown === null && (
            <Button look="link" data-testid="hidden-show" onClick={() => setAct('reveal')}>
              {t('quarantine.show')}
            </Button>
          )}
          <Button look="link" data-testid="hidden-release" onClick={() => setAct('release')}>
            {t('quarantine.release')}
          </Button>
        </>
      )}
      {shown !== null && (
        <span className={styles.shown} data-testid="hidden-content">
          <FormattedText text={shown} />
          {file?.isPicture && (
            <img src={file.url} alt={t('quarantine.hiddenPicture')} data-testid="hidden-picture" />
          )}
          {file && !file.isPicture && (
            <a href={file.url} download="">
              {t('message.download')}
            </a>
          )}
        </span>
      )}
      {act && (
        <ReasonDialog
          act={act}
          threadId={threadId}
          messageId={message.id}
          onRevealed={({ type, text, fileName, fileUrl }) => {
            setShown([text, fileName].filter(Boolean).join(' · ') || (fileUrl ? '' : '–'));
            setFile(fileUrl ? { url: fileUrl, isPicture: type === 'image' || type === 'sticker' } : null);
          }}
          onClose={() => setAct(null)}
        />
      )}
    </span>
  );
}
