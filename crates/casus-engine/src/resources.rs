use crate::{
    Error, Profile, frame, mention,
    reader::{Reader, entities, scene},
    resolve::site,
    text,
};
use casus_data::tables::register::{Register, RegisterFile};

/// Everything the stages look up: one field a stage, opened once, shared and never changed.
#[derive(Debug)]
pub struct Resources {
    pub(crate) text: text::Data,
    pub(crate) mention: mention::Data,
    pub(crate) frame: frame::Data,
    /// The models; none where only the rules read.
    pub(crate) reader: Option<Reader>,
    pub(crate) entities: Option<entities::Entities>,
    pub(crate) scenes: Option<scene::Scenes>,
    pub(crate) sites: site::Data,
}

impl Resources {
    /// Opens the data built into casus.
    ///
    /// # Errors
    /// If a section is missing or damaged.
    pub fn embedded() -> Result<Resources, Error> {
        let reader = Reader::open(casus_data::section("reader")?)?;
        let entities = entities::Entities::open(casus_data::section("entities")?, reader.encoder())?;
        let scenes = scene::Scenes::open(casus_data::section("scene")?, reader.encoder())?;
        let (reader, entities, scenes) = (Some(reader), Some(entities), Some(scenes));
        Ok(Resources { reader, entities, scenes, ..Resources::of_rules()? })
    }

    /// The same without the learned models.
    ///
    /// # Errors
    /// If a section is missing or damaged.
    pub fn of_rules() -> Result<Resources, Error> {
        Ok(Resources {
            text: text::Data::embedded()?,
            mention: mention::Data::embedded()?,
            frame: frame::Data::embedded()?,
            reader: None,
            entities: None,
            scenes: None,
            sites: site::Data::embedded()?,
        })
    }

    /// Lays a register over the built-in one.
    pub(crate) fn lay_over(&mut self, over: RegisterFile) -> Result<(), Error> {
        let codes: casus_data::tables::Codes = casus_data::table("codes")?;
        let mut register: Register = casus_data::table("register")?;
        register.lay_over(over);
        let classes =
            codes.sets.get("classes").into_iter().flatten().map(|code| code.code.as_str()).collect();
        let errors = casus_data::check::check(&register, &classes, None);
        if !errors.is_empty() {
            return Err(Error::data("register", errors.join("; ")));
        }
        self.mention.actor = mention::actor::Data::new(register)?;
        Ok(())
    }

    /// Whether the text that the tagger learned from has a word as this part of speech.
    pub fn has_word(&self, norm: &str, tag: text::Tag) -> bool {
        self.text.has_word(norm, tag)
    }

    /// What the actor stage looks up, with the register.
    pub fn actors(&self) -> &mention::actor::Data {
        &self.mention.actor
    }

    /// The model that reads where an event happened, if the profile asks models.
    pub(crate) fn scenes(&self, profile: Profile) -> Option<&scene::Scenes> {
        self.scenes.as_ref().filter(|_| profile != Profile::Fast)
    }

    /// What the choice of an event's place looks up.
    pub fn sites(&self) -> &site::Data {
        &self.sites
    }

    /// What the place stage looks up, with the gazetteer.
    pub fn places(&self) -> &mention::place::Data {
        &self.mention.place
    }
}
