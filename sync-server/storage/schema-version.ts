/** The database was written by a newer version of this program, which must be used to open it. */
export class SchemaTooNewError extends Error {
  constructor(database: string, found: number, known: number) {
    super(`${database} has schema version ${found}; this program knows versions up to ${known}`);
    this.name = "SchemaTooNewError";
  }
}
