import { Notification } from 'electron';
import type { NotificationPort } from './notification-controller.ts';

/** Electron's notifications. Whoever holds the answer keeps the notification from being collected with its handlers. */
export const desktopNotifications: NotificationPort = {
  show: ({ title, body }, { onClick, onFailed }) => {
    if (!Notification.isSupported()) return 'unsupported';
    const notification = new Notification({ title, body });
    notification.once('click', onClick);
    // An unsigned build on macOS, a desktop without a notification service.
    notification.once('failed', onFailed);
    notification.show();
    return notification;
  },
};
