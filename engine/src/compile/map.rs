//! The fields of Map states, inline and distributed.

use serde_json::Value;

use super::{Compiled, Compiler, fields::Fields};
use crate::{
    machine::{Batcher, Distributed, Figure, Map, QueryLanguage, Reader, Writer},
    path::Root,
    template::Template,
};

impl Compiler {
    pub(super) fn map(&mut self, fields: &Fields<'_>) -> Compiled<Map> {
        let profile = self.profile;
        let processor = match fields.optional_object("ItemProcessor")? {
            Some(processor) => processor,
            None => fields.object("Iterator")?,
        };
        let item_selector = match fields.template("ItemSelector", profile)? {
            Some(selector) => Some(selector),
            None => fields.template("Parameters", profile)?,
        };
        let config = processor.optional_object("ProcessorConfig")?;
        let says = |field, text| config.as_ref().is_some_and(|config| config.text(field) == Some(text));
        let (is_distributed, is_express) = (says("Mode", "DISTRIBUTED"), says("ExecutionType", "EXPRESS"));
        Ok(Map {
            start: self.flow(&processor)?,
            items: fields.template("Items", profile)?,
            items_path: fields.reference("ItemsPath", profile)?,
            item_selector,
            max_concurrency: fields.figure("MaxConcurrency", "MaxConcurrencyPath", profile)?,
            tolerated_count: fields.figure("ToleratedFailureCount", "ToleratedFailureCountPath", profile)?,
            tolerated_percentage: fields.figure(
                "ToleratedFailurePercentage",
                "ToleratedFailurePercentagePath",
                profile,
            )?,
            distributed: if is_distributed { Some(self.distributed(fields, is_express)?) } else { None },
        })
    }

    fn distributed(&self, fields: &Fields<'_>, is_express: bool) -> Compiled<Distributed> {
        Ok(Distributed {
            label: fields.text("Label").unwrap_or_default().to_owned(),
            is_express,
            reader: fields.optional_object("ItemReader")?.map(|reader| self.reader(&reader)).transpose()?,
            batcher: fields.optional_object("ItemBatcher")?.map(|batcher| self.batcher(&batcher)).transpose()?,
            writer: fields.optional_object("ResultWriter")?.map(|writer| self.writer(&writer)).transpose()?,
        })
    }

    fn reader(&self, fields: &Fields<'_>) -> Compiled<Reader> {
        let config = fields.optional_object("ReaderConfig")?;
        let max_items = match &config {
            Some(config) => config.figure("MaxItems", "MaxItemsPath", self.profile)?,
            None => None,
        };
        let config = match (fields.language(), &config) {
            // JNATA-008: the headers are names as they stand.
            (QueryLanguage::Jsonata, Some(config)) => Some(config.whole_template_but("CSVHeaders", self.profile)?),
            _ => fields.get("ReaderConfig").cloned().map(Template::literal),
        };
        Ok(Reader {
            resource: fields.required_text("Resource")?.to_owned(),
            arguments: self.arguments(fields)?,
            config: config.unwrap_or_else(|| Template::literal(Value::Null)),
            max_items,
        })
    }

    fn batcher(&self, fields: &Fields<'_>) -> Compiled<Batcher> {
        let profile = self.profile;
        Ok(Batcher {
            max_items: fields.figure("MaxItemsPerBatch", "MaxItemsPerBatchPath", profile)?,
            max_bytes: fields.figure("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", profile)?,
            input: fields.template("BatchInput", profile)?,
        })
    }

    fn arguments(&self, fields: &Fields<'_>) -> Compiled<Option<Template>> {
        let field = if fields.language() == QueryLanguage::Jsonata { "Arguments" } else { "Parameters" };
        fields.template(field, self.profile)
    }

    fn writer(&self, fields: &Fields<'_>) -> Compiled<Writer> {
        Ok(Writer {
            resource: fields.text("Resource").map(str::to_owned),
            arguments: self.arguments(fields)?,
            config: fields.get("WriterConfig").cloned().unwrap_or(Value::Null),
        })
    }
}

impl Figure {
    pub(super) fn reads_context(&self) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Path { path, .. } => *path.root() == Root::Context,
            Self::Query { expression, .. } => expression.reads_context(),
        }
    }
}

impl Distributed {
    fn reads_context(&self) -> bool {
        let template = |template: &Option<Template>| template.as_ref().is_some_and(Template::reads_context);
        let figure = |figure: &Option<Figure>| figure.as_ref().is_some_and(Figure::reads_context);
        self.reader.as_ref().is_some_and(|reader| {
            template(&reader.arguments) || reader.config.reads_context() || figure(&reader.max_items)
        }) || self
            .batcher
            .as_ref()
            .is_some_and(|batcher| figure(&batcher.max_items) || figure(&batcher.max_bytes) || template(&batcher.input))
            || self.writer.as_ref().is_some_and(|writer| template(&writer.arguments))
    }
}

impl Map {
    pub(super) fn reads_context(&self) -> bool {
        let template = |template: &Option<Template>| template.as_ref().is_some_and(Template::reads_context);
        let figure = |figure: &Option<Figure>| figure.as_ref().is_some_and(Figure::reads_context);
        self.items_path.as_ref().is_some_and(|path| *path.root() == Root::Context)
            || template(&self.item_selector)
            || template(&self.items)
            || [&self.max_concurrency, &self.tolerated_count, &self.tolerated_percentage].into_iter().any(figure)
            || self.distributed.as_ref().is_some_and(Distributed::reads_context)
    }
}
