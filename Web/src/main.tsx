// What every component's own styles build on.
import './styles/tokens.css';
import './styles/base.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { onNotAllowed, onSignedOut } from './api/client';
import { queryClient } from './app/queryClient';
import { router } from './app/router';
import { startTheme } from './app/theme';
import { startI18n } from './i18n';
import { peopleKeys } from './people/queries';
import { askToSignInAgain, SignInSheet } from './people/SignInSheet';
import { ToastRegion } from './shared/ui/Toast';

startTheme();

onSignedOut(() => {
  // Only where somebody was signed in: the first question of a page load is answered by its route.
  if (router.state.location.pathname !== '/sign-in' && queryClient.getQueryData(peopleKeys.me))
    askToSignInAgain();
});

onNotAllowed(() => void queryClient.invalidateQueries({ queryKey: peopleKeys.me }));

async function start(container: HTMLElement) {
  await startI18n();
  createRoot(container).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <SignInSheet />
        <ToastRegion />
      </QueryClientProvider>
    </StrictMode>,
  );
}

const container = document.getElementById('root');
if (container) void start(container);
