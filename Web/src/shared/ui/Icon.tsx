import type { ReactNode } from 'react';

/** The console's own icons, on a grid of 24, drawn as lines; the name for screen readers is on the control. */
const shapes = {
  inbox: <path d="M3 13l3-8h12l3 8v6H3zM3 13h5l1.500 3h5l1.500-3h5" />,
  chat: <path d="M4 5h16v11H9l-5 4z" />,
  bell: <path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4M12 5V3" />,
  pulse: <path d="M3 12h4l2.500-6.500L14 18l2.500-6H21" />,
  dot: <circle cx="12" cy="12" r="4.500" fill="currentColor" />,
  ban: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M6 6l12 12" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M12 7v5l3 2" />
    </>
  ),
  alarm: (
    <>
      <circle cx="12" cy="13" r="7.500" />
      <path d="M12 9v4l2.500 1.500M4 5l3-2M20 5l-3-2" />
    </>
  ),
  lock: (
    <>
      <rect x="5" y="11" width="14" height="9" rx="2" />
      <path d="M8 11V8a4 4 0 0 1 8 0v3" />
    </>
  ),
  search: (
    <>
      <circle cx="11" cy="11" r="6.500" />
      <path d="M16 16l4.500 4.500" />
    </>
  ),
  close: <path d="M6 6l12 12M18 6L6 18" />,
  down: <path d="M6 9l6 6 6-6" />,
  back: <path d="M15 5l-7 7 7 7" />,
  arrowDown: <path d="M12 5v14M6 13l6 6 6-6" />,
  arrowUp: <path d="M12 19V5M6 11l6-6 6 6" />,
  check: <path d="M5 12.500l4.500 4.500L19 7" />,
  plus: <path d="M12 5v14M5 12h14" />,
  panel: (
    <>
      <rect x="3" y="5" width="18" height="14" rx="2" />
      <path d="M15 5v14" />
    </>
  ),
  sliders: (
    <>
      <path d="M4 7h10M18 7h2M4 17h2M10 17h10" />
      <circle cx="16" cy="7" r="2" />
      <circle cx="8" cy="17" r="2" />
    </>
  ),
  keyboard: (
    <>
      <rect x="2.500" y="6" width="19" height="12" rx="2" />
      <path d="M6.500 10h.01M10.200 10h.01M13.800 10h.01M17.500 10h.01M8 14h8" />
    </>
  ),
  photo: (
    <>
      <rect x="3" y="5" width="18" height="14" rx="2" />
      <circle cx="8.500" cy="10" r="1.300" />
      <path d="M4 17l5-4.500 4 3.500 3-2.500 4 3.500" />
    </>
  ),
  clip: (
    <path d="M19 11.500l-7.500 7.500a4.600 4.600 0 0 1-6.500-6.500L13 4.500a3.100 3.100 0 0 1 4.400 4.400l-7.900 7.900a1.600 1.600 0 0 1-2.200-2.200L14.500 7.500" />
  ),
  phone: (
    <path d="M6.500 4h3l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500v3a2 2 0 0 1-2.200 2A15.500 15.500 0 0 1 4.500 6.200 2 2 0 0 1 6.500 4z" />
  ),
  play: <path d="M8 5l11 7-11 7z" fill="currentColor" />,
  pause: <path d="M8 5.500v13M16 5.500v13" strokeWidth="3" />,
  reply: <path d="M10 6L4 12l6 6M4 12h9a7 7 0 0 1 7 7" />,
  forward: <path d="M14 6l6 6-6 6M20 12h-9a7 7 0 0 0-7 7" />,
  cart: (
    <>
      <path d="M3 5h3l2.500 10h9L20 8H7" />
      <circle cx="9.500" cy="19" r="1.300" />
      <circle cx="16.500" cy="19" r="1.300" />
    </>
  ),
  tap: <path d="M12 12l7 3-3 1.500L14.500 20zM5 5v5M5 5h5M4 14h.01M8.500 8.500L12 12" />,
  list: <path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01" />,
  megaphone: <path d="M4 10v4h3l9 4V6l-9 4zM19 10v4M8 14l1 5h2.500" />,
  stop: <rect x="6.500" y="6.500" width="11" height="11" rx="1.500" fill="currentColor" />,
  download: <path d="M12 4v11M7 10l5 5 5-5M5 20h14" />,
  bold: <path d="M7 5h6a3.500 3.500 0 0 1 0 7H7zM7 12h7a3.500 3.500 0 0 1 0 7H7z" />,
  italic: <path d="M10 5h8M6 19h8M14.500 5l-5 14" />,
  strike: (
    <path d="M4 12h16M16.500 8A4 3.500 0 0 0 12 5.500c-2.500 0-4.500 1.200-4.500 3.200 0 3.300 9.500 3.300 9.500 6.600 0 2-2 3.200-5 3.200A4.600 3.800 0 0 1 7.500 16" />
  ),
  code: <path d="M8 7l-5 5 5 5M16 7l5 5-5 5" />,
  smile: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M8.500 14c1.800 2.500 5.200 2.500 7 0M9 9.500v.1M15 9.500v.1" />
    </>
  ),
  template: (
    <>
      <rect x="4" y="4" width="16" height="16" rx="2" />
      <path d="M8 9h8M8 13h8M8 17h4" />
    </>
  ),
  send: <path d="M4 12l16-7-5.500 15-3-6.500zM11.500 13.500L20 5" />,
  alert: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M12 7.500v5.500M12 16.200v.1" />
    </>
  ),
  question: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M9.500 9.500a2.500 2.500 0 1 1 3.700 2.200c-.8.500-1.200 1-1.200 1.900M12 16.500v.1" />
    </>
  ),
  retry: <path d="M20 11a8 8 0 1 0-2.300 6.200M20 5v6h-6" />,
  person: (
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4 20.500c.8-4.300 3.800-6.500 8-6.500s7.200 2.200 8 6.500" />
    </>
  ),
  eye: (
    <>
      <path d="M2.500 12C5 7.500 8.200 5.500 12 5.500s7 2 9.500 6.500c-2.500 4.500-5.700 6.500-9.500 6.500S5 16.500 2.500 12z" />
      <circle cx="12" cy="12" r="2.800" />
    </>
  ),
  eyeOff: (
    <path d="M4 4l16 16M9.500 6c.8-.3 1.600-.5 2.500-.5 3.800 0 7 2 9.500 6.500a15 15 0 0 1-2.600 3.400M6 8a15 15 0 0 0-3.500 4c2.500 4.500 5.700 6.500 9.500 6.500 1.600 0 3-.4 4.400-1.100M10 10a2.800 2.800 0 0 0 4 4" />
  ),
  file: <path d="M6 3h8l5 5v13H6zM14 3v5h5" />,
  video: (
    <>
      <rect x="3" y="6" width="12" height="12" rx="2" />
      <path d="M15 11l6-3.500v9L15 13" />
    </>
  ),
  mic: (
    <>
      <rect x="9" y="3" width="6" height="11" rx="3" />
      <path d="M5 11a7 7 0 0 0 14 0M12 18v3" />
    </>
  ),
  pin: (
    <>
      <path d="M12 21c-4.500-4.500-6.500-7.700-6.500-11a6.500 6.500 0 0 1 13 0c0 3.300-2 6.500-6.500 11z" />
      <circle cx="12" cy="10" r="2.300" />
    </>
  ),
  ticketPlus: (
    <>
      <path d="M12 17H4v-3a1.800 1.800 0 0 0 0-3.500V7h16v3.500a1.800 1.800 0 0 0-1.600 1.750" />
      <path d="M18 14.500v6M15 17.500h6" />
    </>
  ),
  ticket: <path d="M4 7h16v3.500a1.800 1.800 0 0 0 0 3.500v3H4v-3a1.800 1.800 0 0 0 0-3.500z" />,
  globe: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M3.500 12h17M12 3.500c5 5.500 5 11.500 0 17M12 3.500c-5 5.500-5 11.500 0 17" />
    </>
  ),
  gear: (
    <>
      <circle cx="12" cy="12" r="3" />
      <path d="M19.400 13.500a7.700 7.700 0 0 0 0-3l2-1.500-2-3.500-2.400 1a7.700 7.700 0 0 0-2.600-1.500L14 2.500h-4l-.4 2.500A7.700 7.700 0 0 0 7 6.500l-2.400-1-2 3.500 2 1.500a7.700 7.700 0 0 0 0 3l-2 1.500 2 3.500 2.400-1a7.700 7.700 0 0 0 2.600 1.500l.4 2.500h4l.4-2.500a7.700 7.700 0 0 0 2.600-1.500l2.400 1 2-3.500z" />
    </>
  ),
  people: (
    <>
      <circle cx="9" cy="8.500" r="3.500" />
      <path d="M2.500 20c.6-4 3-6 6.500-6s5.900 2 6.500 6M15.500 5.300a3.500 3.500 0 0 1 0 6.400M17.500 14.300c2.300.7 3.600 2.600 4 5.700" />
    </>
  ),
  shield: (
    <path d="M12 3l7.500 2.500v6c0 4.700-3 7.800-7.500 9.500-4.500-1.700-7.500-4.800-7.500-9.500v-6z" />
  ),
  bolt: <path d="M13 3L5 13.500h6L10.500 21 19 10h-6z" />,
  note: <path d="M5 4h14v10l-5 6H5zM14 20v-6h5" />,
  moon: <path d="M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z" />,
  tag: (
    <>
      <path d="M4 4h8l8 8-8 8-8-8z" />
      <circle cx="8.500" cy="8.500" r="1.200" />
    </>
  ),
  flag: <path d="M5 21V4h12l-2 4 2 4H5" />,
  at: (
    <>
      <circle cx="12" cy="12" r="3.500" />
      <path d="M15.500 8.500v5a2.500 2.500 0 0 0 5 0V12A8.500 8.500 0 1 0 17 18.900" />
    </>
  ),
  undo: <path d="M4 9h10a5.500 5.500 0 0 1 0 11H9M4 9l4-4M4 9l4 4" />,
  trash: <path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5" />,
  copy: (
    <>
      <rect x="8" y="8" width="12" height="12" rx="2" />
      <path d="M16 8V4H4v12h4" />
    </>
  ),
  star: <path d="M12 4l2.500 5.200 5.500.8-4 4 1 5.700-5-2.700-5 2.700 1-5.700-4-4 5.500-.8z" />,
  edit: <path d="M4 20l1-4L16 5l3 3L8 19zM14 7l3 3" />,
  link: (
    <path d="M10 14a4 4 0 0 0 6 0l3-3a4.200 4.200 0 0 0-6-6l-1.500 1.500M14 10a4 4 0 0 0-6 0l-3 3a4.200 4.200 0 0 0 6 6l1.500-1.500" />
  ),
  more: <path d="M5.500 12h.01M12 12h.01M18.500 12h.01" />,
  sendOut: <path d="M4 12l16-7-5.500 15-3-6.500z" />,
  signOut: <path d="M10 4H5v16h5M15 8l4 4-4 4M19 12H9" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

export const iconNames = Object.keys(shapes) as IconName[];

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size <= 14 ? 2 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[name]}
    </svg>
  );
}
