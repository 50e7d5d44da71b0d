//! The verbs that are the same on both faces.

/// Gives a face its verbs of one file. A `key` is a `FileView`'s, an `id` a `StagedFile`'s.
macro_rules! face {
    ($App:ty) => {
        impl $App {
            /// What looks into pictures before they are sent, from now on. Without it they are sent as they are.
            pub fn look_with(&self, pictures: Arc<dyn Pictures>) {
                self.files().intake.look_with(pictures);
            }

            /// The next bytes of a page's own file, at most 1 MiB.
            ///
            /// # Errors
            /// `invalid`, `file_changed` where they are more than was announced, `file_no_space`, `store_io`: then
            /// the file is over.
            pub fn file_piece(&self, id: &str, bytes: &[u8]) -> Result<(), Problem> {
                let files = self.files();
                files.said(files.intake.piece(files.id(id)?, bytes))
            }

            /// Every piece has come: it can be sent when this returns. May take seconds: not for a window's own thread.
            ///
            /// # Errors
            /// `invalid`, `file_changed` where some are missing, `file_type_lies`, `file_no_space`, `store_io`: then
            /// the file is over.
            pub fn file_end(&self, id: &str) -> Result<(), Problem> {
                let files = self.files();
                files.said(files.intake.end(files.id(id)?))
            }

            fn file_whole(&self, id: &str, bytes: &[u8]) -> Result<(), Problem> {
                let mut pieces = bytes.chunks(deskbell_wire::limits::FILE_PIECE_BYTES);
                pieces.try_for_each(|piece| self.file_piece(id, piece))?;
                self.file_end(id)
            }

            /// Forgets a chosen file.
            ///
            /// # Errors
            /// `invalid`, `stopped`, or the store's codes.
            pub fn file_unstage(&self, id: &str) -> Result<(), Problem> {
                verbs::unstage(self, id)
            }

            /// Leaves in what a picture says of its maker, or takes it out when it is sent.
            ///
            /// # Errors
            /// `invalid`.
            pub fn file_details(&self, id: &str, keep: bool) -> Result<(), Problem> {
                let files = self.files();
                files.said(files.intake.keep_details(files.id(id)?, keep))
            }

            /// Stops a file on its way, up or down, until it is resumed.
            ///
            /// # Errors
            /// `invalid`, `stopped`, or the store's codes.
            pub fn file_pause(&self, key: &str) -> Result<(), Problem> {
                verbs::pause(self, key)
            }

            /// Goes on with it, from where it was.
            ///
            /// # Errors
            /// As [`Self::file_pause`].
            pub fn file_resume(&self, key: &str) -> Result<(), Problem> {
                verbs::resume(self, key)
            }

            /// Takes a file back that the desk does not have yet, with its message; or stops bringing one here.
            ///
            /// # Errors
            /// As [`Self::file_pause`].
            pub fn file_cancel(&self, key: &str) -> Result<(), Problem> {
                verbs::cancel(self, key)
            }

            /// Brings a message's file to this device.
            ///
            /// # Errors
            /// As [`Self::file_pause`].
            pub fn file_fetch(&self, key: &str) -> Result<(), Problem> {
                verbs::fetch(self, key)
            }

            /// A file of a line.
            ///
            /// # Errors
            /// As [`Self::file_pause`].
            pub fn file(&self, key: &str) -> Result<FileView, Problem> {
                verbs::file(self, key)
            }

            /// What it is and its bytes; of a chosen file, too, by its id.
            ///
            /// # Errors
            /// `file_not_here`, and as [`Self::file_pause`].
            pub fn file_blob(&self, key: &str) -> Result<(FileCard, Blob), Problem> {
                verbs::blob(self, key)
            }

            /// The first words of a text, at most 64 KiB.
            ///
            /// # Errors
            /// As [`Self::file_blob`].
            pub fn file_words(&self, key: &str) -> Result<FileWords, Problem> {
                verbs::words(self, key)
            }
        }
    };
}

pub(super) use face;
