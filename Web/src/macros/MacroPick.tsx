import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Macro, Thread } from '../api/types';
import { useMe } from '../people/queries';
import { IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { laterDialog } from '../shared/ui/later';
import { Menu, type MenuOption } from '../shared/ui/Menu';
import { useTicketRequest } from '../tickets/TicketBar';
import { useMacros } from './queries';
import { runMacro } from './runMacro';

const MacroDialog = laterDialog(async () => (await import('./MacroDialog')).MacroDialog);

/** Runs one of the macros on the open thread; who may also makes them from here. */
export function MacroPick({ thread }: { thread: Thread }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { agent } = useMe();
  const macros = useMacros().data ?? [];
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [managing, setManaging] = useState(false);
  const manages = agent.role === 'admin' || agent.role === 'supervisor';
  useTicketRequest({ macro: () => setOpen(true) });
  if (macros.length === 0 && !manages) return null;
  const options: MenuOption<Macro | null>[] = macros.map((macro) => ({
    key: macro.id,
    value: macro,
    label: macro.name,
  }));
  if (manages) {
    options.push({
      key: 'manage',
      value: null,
      label: t('macros.manage'),
      face: <Icon name="sliders" size={16} />,
    });
  }
  return (
    <>
      <IconButton
        ref={button}
        icon="bolt"
        size={16}
        label={t('macros.run')}
        keys="M"
        aria-haspopup="listbox"
        aria-expanded={open}
        data-testid="macro-open"
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Menu
          anchor={button}
          label={t('macros.run')}
          options={options}
          searchable
          onChoose={(macro) =>
            macro ? void runMacro(queryClient, t, thread, agent, macro) : setManaging(true)
          }
          onClose={() => setOpen(false)}
        />
      )}
      {managing && <MacroDialog onClose={() => setManaging(false)} />}
    </>
  );
}
