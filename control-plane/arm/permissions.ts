// What the caller of a request may do, by its roles.
export interface Permissions {
  /** May the caller do `action` at `scope`, which is the id of anything? */
  may(action: string, scope: string): boolean;
  /** Has the caller any role at `scope` or at something inside? */
  hasRoleWithin(scope: string): boolean;
}
