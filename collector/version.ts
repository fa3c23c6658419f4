/** The version of the collector and of its arithmetic; a test keeps it equal to package.json. */
export const version = '0.1.0'
