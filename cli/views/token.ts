// How a token and its passwords are shown.
import { at, column, lastSegmentColumn, tableTime, timeColumn, type View } from '../output/view.ts';

export const tokenView: View = {
  fields: {
    creationDate: null,
    credentials: {
      certificates: null,
      passwords: [{ creationTime: null, expiry: null, name: null, value: null }],
    },
    provisioningState: null,
    scopeMapId: null,
    status: null,
    systemData: null,
  },
  columns: {
    NAME: column('name'),
    'SCOPE MAP': lastSegmentColumn('scopeMapId'),
    'PASSWORD1 EXPIRY': (item) => expiryOf(item, 'credentials.passwords', 'password1'),
    'PASSWORD2 EXPIRY': (item) => expiryOf(item, 'credentials.passwords', 'password2'),
    STATUS: (item) => titleCase(at(item, 'status')),
    'PROVISIONING STATE': column('provisioningState'),
    'CREATION DATE': timeColumn('creationDate'),
  },
};

/** The answer of `generateCredentials`: only the passwords that were made. */
export const generatedCredentialsView: View = {
  fields: { passwords: [{ creationTime: null, expiry: null, name: null, value: null }], username: null },
  columns: {
    USERNAME: column('username'),
    PASSWORD1: (item) => at(findPassword(item, 'passwords', 'password1'), 'value'),
    'PASSWORD1 EXPIRY': (item) => expiryOf(item, 'passwords', 'password1'),
    PASSWORD2: (item) => at(findPassword(item, 'passwords', 'password2'), 'value'),
    'PASSWORD2 EXPIRY': (item) => expiryOf(item, 'passwords', 'password2'),
  },
};

function findPassword(item: unknown, path: string, name: string): unknown {
  const passwords = at(item, path);
  return Array.isArray(passwords) ? passwords.find((password) => at(password, 'name') === name) : undefined;
}

/** Blank when there is no such password. */
function expiryOf(item: unknown, path: string, name: string): string | undefined {
  const password = findPassword(item, path, name);
  return password === undefined ? undefined : (tableTime(at(password, 'expiry')) ?? 'Never');
}

function titleCase(text: unknown): unknown {
  return typeof text === 'string' ? text.charAt(0).toUpperCase() + text.slice(1).toLowerCase() : text;
}
