import { useEffect } from 'react';

const TITLE = 'Belfry';
const BLINK_EVERY_MS = 1000;

/** Draws attention to a ring in a tab or window that is not looked at: the title blinks, and the system tells if it may. */
export function useAttention(message: string | null): void {
  useEffect(() => {
    if (message === null) {
      return;
    }
    const titles = [`🔔 ${message}`, TITLE];
    let shown = 0;
    const blink = () => {
      document.title = titles[shown++ % titles.length] ?? TITLE;
    };
    blink();
    const timer = setInterval(blink, BLINK_EVERY_MS);
    const notification = document.hidden ? notify(message) : null;
    return () => {
      clearInterval(timer);
      notification?.close();
      document.title = TITLE;
    };
  }, [message]);
}

/** Whether the system's notifications can still be asked for. */
export function canAskForNotifications(): boolean {
  return 'Notification' in window && Notification.permission === 'default';
}

function notify(message: string): Notification | null {
  if (!('Notification' in window) || Notification.permission !== 'granted') {
    return null;
  }
  try {
    const notification = new Notification(message, {
      body: 'Open Belfry to answer.',
      icon: new URL('./favicon.svg', document.baseURI).href,
      tag: 'belfry-ring',
      requireInteraction: true,
    });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    return notification;
  } catch {
    return null; // Android's Chrome has the name, but only service workers may use it.
  }
}
