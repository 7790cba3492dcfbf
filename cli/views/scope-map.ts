// How a scope map is shown.
import { at, column, timeColumn, type View } from '../output/view.ts';

const descriptionCharactersMax = 57;

export const scopeMapView: View = {
  fields: {
    actions: null,
    creationDate: null,
    description: null,
    provisioningState: null,
    systemData: null,
    typePropertiesType: null,
  },
  columns: {
    NAME: column('name'),
    // az's own table leaves this blank, because it reads a name that the result does not have.
    TYPE: column('typePropertiesType'),
    'CREATION DATE': timeColumn('creationDate'),
    DESCRIPTION: (item) => shorten(at(item, 'description')),
  },
};

function shorten(text: unknown): unknown {
  return typeof text === 'string' && text.length > descriptionCharactersMax
    ? `${text.slice(0, descriptionCharactersMax)}...`
    : text;
}
