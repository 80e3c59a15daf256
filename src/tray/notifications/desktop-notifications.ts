import { Notification } from 'electron';
import type { NotificationPort } from './notification-controller.ts';

/** Electron's notifications. The caller keeps the returned one, or it is garbage-collected with its handlers. */
export const desktopNotifications: NotificationPort = {
  show: ({ title, body }, { onClick, onFailed }) => {
    if (!Notification.isSupported()) return 'unsupported';
    const notification = new Notification({ title, body });
    notification.once('click', onClick);
    // For example an unsigned build on macOS, or a desktop without a notification service.
    notification.once('failed', onFailed);
    notification.show();
    return notification;
  },
};
