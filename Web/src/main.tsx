// Before every component's own styles, which build on these.
import './styles/tokens.css';
import './styles/base.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { onSignedOut } from './api/client';
import { queryClient } from './app/queryClient';
import { router } from './app/router';
import { startTheme } from './app/theme';
import { startI18n } from './i18n';
import { peopleKeys } from './people/queries';
import { ToastRegion } from './shared/ui/Toast';

startTheme();
startI18n();

let leaving = false;
onSignedOut(async () => {
  // Only where somebody was signed in: the first question of a page load is answered by its route.
  if (leaving || !queryClient.getQueryData(peopleKeys.me)) return;
  leaving = true;
  const returnTo = router.state.location.href;
  await router.navigate({ to: '/sign-in', search: { returnTo, expired: true } });
  queryClient.removeQueries({ queryKey: peopleKeys.me });
  leaving = false;
});

const container = document.getElementById('root');
if (container) {
  createRoot(container).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <ToastRegion />
      </QueryClientProvider>
    </StrictMode>,
  );
}
