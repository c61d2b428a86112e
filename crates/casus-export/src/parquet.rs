//! Apache Parquet: one event a row, the flat columns with their types; dates are `DATE`, text is
//! `STRING`, the record's lists are `JSON`.
//!
//! Rows are held until a row group is full ([`GROUP_ROWS`] rows or about [`GROUP_BYTES`] bytes of
//! text), so memory does not grow with the input. The file names its schema in the metadata key
//! `schema`.

use crate::{
    Item, Options, Writer,
    flat::{self, Cell, Row, Type},
};
use parquet::{
    basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical},
    data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::Type as SchemaType,
};
use std::{
    io::{self, Write},
    sync::Arc,
};

/// Rows of a full row group.
const GROUP_ROWS: usize = 8192;

/// Bytes of text at which a row group is full.
const GROUP_BYTES: usize = 32 << 20;

/// Rows of typed cells in columns.
pub(crate) struct Sheet {
    out: SerializedFileWriter<Box<dyn Write + Send>>,
    columns: Vec<(Type, Values)>,
    rows: usize,
    bytes: usize,
}

/// The values of one column that wait for their row group.
#[derive(Default)]
struct Values {
    /// 1 where the row has a value.
    defined: Vec<i16>,
    text: Vec<ByteArray>,
    integers: Vec<i64>,
    floats: Vec<f64>,
    booleans: Vec<bool>,
    days: Vec<i32>,
}

impl Sheet {
    /// Columns by name and type; `row` is what a row is, `schema` the contract that it follows.
    pub(crate) fn new(
        row: &str,
        schema: &str,
        heads: impl Iterator<Item = (&'static str, Type)> + Clone,
        out: Box<dyn Write + Send>,
    ) -> io::Result<Sheet> {
        let fields = heads.clone().map(|(name, kind)| field(name, kind).map(Arc::new));
        let types = fields
            .collect::<Result<Vec<_>, _>>()
            .and_then(|fields| SchemaType::group_type_builder(row).with_fields(fields).build())
            .map_err(failed)?;
        let schema_key = KeyValue::new("schema".to_owned(), schema.to_owned());
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("casus".to_owned())
            .set_key_value_metadata(Some(vec![schema_key]))
            .build();
        let out = SerializedFileWriter::new(out, Arc::new(types), Arc::new(properties)).map_err(failed)?;
        let columns = heads.map(|(_, kind)| (kind, Values::default())).collect();
        Ok(Sheet { out, columns, rows: 0, bytes: 0 })
    }

    /// Adds a row: a cell for each column.
    pub(crate) fn row(&mut self, cells: impl Iterator<Item = Cell>) -> io::Result<()> {
        for ((_, values), cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += values.push(cell);
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.write_group().map_err(failed)?;
        }
        Ok(())
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.out.next_row_group()?;
        for (kind, values) in &mut self.columns {
            values.write(*kind, &mut group)?;
            *values = Values::default();
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.write_group().map_err(failed)?;
        let mut out = self.out.into_inner().map_err(failed)?;
        out.flush()
    }
}

pub(crate) struct Parquet {
    options: Options,
    sheet: Sheet,
}

impl Parquet {
    pub(crate) fn new(options: Options, out: Box<dyn Write + Send>) -> io::Result<Parquet> {
        let heads = flat::columns(&options).map(|column| (column.name, column.kind)).collect::<Vec<_>>();
        let sheet = Sheet::new("event", casus_record::SCHEMA, heads.into_iter(), out)?;
        Ok(Parquet { options, sheet })
    }
}

impl Writer for Parquet {
    fn report(&mut self, item: &Item<'_>) -> io::Result<()> {
        for event in &item.reading.events {
            let row = Row::new(item, event, &self.options);
            self.sheet.row(flat::columns(&self.options).map(|column| column.get(&row)))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.sheet.finish()
    }
}

impl Values {
    /// Adds a row's value and gives its size in bytes.
    fn push(&mut self, cell: Cell) -> usize {
        self.defined.push(i16::from(cell != Cell::Null));
        match cell {
            Cell::Null => return 0,
            Cell::Text(text) => {
                let bytes = text.len();
                self.text.push(ByteArray::from(text.into_bytes()));
                return bytes;
            }
            Cell::Integer(number) => self.integers.push(number),
            Cell::Float(number) => self.floats.push(number),
            Cell::Boolean(value) => self.booleans.push(value),
            Cell::Date(date) => self.days.push(days_since_epoch(date)),
        }
        8
    }

    fn write<W: Write + Send>(
        &self,
        kind: Type,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else {
            return Err(ParquetError::General("fewer columns than the schema has".to_owned()));
        };
        let defined = Some(self.defined.as_slice());
        match kind {
            Type::Text | Type::Json => {
                column.typed::<ByteArrayType>().write_batch(&self.text, defined, None)?
            }
            Type::Integer => column.typed::<Int64Type>().write_batch(&self.integers, defined, None)?,
            Type::Float => column.typed::<DoubleType>().write_batch(&self.floats, defined, None)?,
            Type::Boolean => column.typed::<BoolType>().write_batch(&self.booleans, defined, None)?,
            Type::Date => column.typed::<Int32Type>().write_batch(&self.days, defined, None)?,
        };
        column.close()
    }
}

fn field(name: &str, kind: Type) -> Result<SchemaType, ParquetError> {
    let (physical, logical) = match kind {
        Type::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Type::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        Type::Integer => (Physical::INT64, None),
        Type::Float => (Physical::DOUBLE, None),
        Type::Boolean => (Physical::BOOLEAN, None),
        Type::Date => (Physical::INT32, Some(LogicalType::Date)),
    };
    SchemaType::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::NONE)
        .with_logical_type(logical)
        .build()
}

/// Days since 1 January 1970, as `DATE` counts them.
fn days_since_epoch(date: casus_record::Date) -> i32 {
    date.since(casus_record::Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}
