import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../../api/types';
import { IconButton } from '../../shared/ui/Button';
import { Icon, type IconName } from '../../shared/ui/Icon';
import { laterDialog } from '../../shared/ui/later';
import { Menu } from '../../shared/ui/Menu';
import type { Outbox } from '../outbox';
import { sendOne } from '../sendReply';

export type InsertKind = 'location' | 'contact' | 'button' | 'list' | 'cta_url' | 'location_request_message';

const kinds: { kind: InsertKind; icon: IconName }[] = [
  { kind: 'location', icon: 'pin' },
  { kind: 'contact', icon: 'person' },
  { kind: 'button', icon: 'tap' },
  { kind: 'list', icon: 'list' },
  { kind: 'cta_url', icon: 'link' },
  { kind: 'location_request_message', icon: 'question' },
];

const PlaceDialog = laterDialog(async () => (await import('./PlaceDialog')).PlaceDialog);
const CardDialog = laterDialog(async () => (await import('./CardDialog')).CardDialog);
const TappableDialog = laterDialog(async () => (await import('./TappableDialog')).TappableDialog);

/** What a reply can be besides text and files. */
export function InsertButton({
  thread,
  outbox,
  disabled,
}: {
  thread: Thread;
  outbox: Outbox;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<InsertKind | null>(null);
  const close = () => setChosen(null);
  const dialog = {
    onClose: close,
    onSend: (body: Parameters<typeof sendOne>[2], text: string) => {
      sendOne(outbox, thread.id, body, text);
      close();
    },
  };
  return (
    <>
      <IconButton
        ref={button}
        icon="plus"
        label={t('insert.open')}
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={disabled}
        data-testid="insert-open"
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Menu
          anchor={button}
          label={t('insert.open')}
          side="top"
          options={kinds.map(({ kind, icon }) => ({
            key: kind,
            value: kind,
            label: t(`insert.kind.${kind}`),
            face: <Icon name={icon} size={16} />,
          }))}
          onChoose={setChosen}
          onClose={() => setOpen(false)}
        />
      )}
      {chosen === 'location' && <PlaceDialog {...dialog} />}
      {chosen === 'contact' && <CardDialog {...dialog} />}
      {chosen && chosen !== 'location' && chosen !== 'contact' && (
        <TappableDialog kind={chosen} {...dialog} />
      )}
    </>
  );
}
