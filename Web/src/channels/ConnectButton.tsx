import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { connections } from '../api/channels';
import { ProblemError } from '../api/problem';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { toast } from '../shared/ui/Toast';
import styles from './Channels.module.css';
import { refreshChannels } from './queries';

/** Connects a number. A number with a two-step PIN of its own asks for it. */
export function ConnectButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [pin, setPin] = useState('');
  const connect = useMutation({
    mutationFn: () => connections.connect(id, pin || undefined),
    onSuccess: () => {
      toast(t('channels.connected'));
      return refreshChannels(queryClient);
    },
  });
  const needsPin = connect.error instanceof ProblemError && connect.error.code === 'pin_wrong';
  return (
    <form
      className={styles.text}
      onSubmit={(event) => {
        event.preventDefault();
        connect.mutate();
      }}
    >
      {(needsPin || pin !== '') && (
        <Field
          label={t('channels.pin')}
          value={pin}
          inputMode="numeric"
          pattern="[0-9]{6}"
          maxLength={6}
          required
          autoComplete="off"
          data-testid="channel-pin"
          onChange={(event) => setPin(event.target.value)}
        />
      )}
      {connect.error && <Problem>{errorText(t, connect.error)}</Problem>}
      <div>
        <Button look="primary" type="submit" disabled={connect.isPending} data-testid="channel-connect">
          {t(connect.isPending ? 'channels.connecting' : 'channels.connectIt')}
        </Button>
      </div>
    </form>
  );
}
