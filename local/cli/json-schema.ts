import * as z from 'zod';
import { configurationSchema, mailboxSchema } from '../../shared/settings/schema';
import { COMMENTS } from './sample-configuration';

/** The JSON Schema (draft-07, for editors) of the configuration as text. What contradicts itself only Mailbox Watch finds. */
export function configurationJsonSchema(): string {
  const schema = z.toJSONSchema(configurationSchema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      for (const [key, property] of Object.entries(jsonSchema.properties ?? {})) {
        const meaning = COMMENTS[key];
        if (meaning !== undefined && typeof property === 'object') {
          property.description = meaning.trim().replaceAll(/\s+/g, ' ');
        }
      }
      // They may stand in other files.
      if (zodSchema === configurationSchema) delete jsonSchema.required;
      if (zodSchema !== mailboxSchema) return;
      const mapping = { ...jsonSchema };
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      jsonSchema.anyOf = [{ type: 'string' }, mapping];
    },
  });
  return JSON.stringify({ title: 'Configuration of Mailbox Watch', ...schema }, undefined, 2);
}
