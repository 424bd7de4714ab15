// Reads an OpenAPI document from standard input and prints what is wrong with it as JSON. A file of its own: its reader is an ES module.
import { text } from 'node:stream/consumers';
import { Validator } from '@seriousme/openapi-schema-validator';

const { valid, errors } = await new Validator().validate(JSON.parse(await text(process.stdin)));
console.log(JSON.stringify(valid ? [] : errors));
