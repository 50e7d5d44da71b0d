//! A place for something that windows wait for.
//!
//! What must always hold: whoever waits hears of what comes first, the thing itself or that there will be none; nobody
//! waits in a slot that was given up.

use tokio::sync::watch;

/// Something that is started while windows already wait for it.
pub(crate) struct Slot<T>(watch::Sender<Content<T>>);

#[derive(Clone)]
enum Content<T> {
    Awaited,
    There(T),
    /// Whoever waits, waits in vain: the window of the next one is another.
    GivenUp,
}

impl<T> Content<T> {
    fn there(self) -> Option<T> {
        match self {
            Self::There(content) => Some(content),
            Self::Awaited | Self::GivenUp => None,
        }
    }
}

impl<T: Clone> Slot<T> {
    /// Nothing is there yet.
    pub(crate) fn empty() -> Self {
        Self(watch::Sender::new(Content::Awaited))
    }

    /// It is there now.
    pub(crate) fn fill(&self, content: T) {
        self.0.send_replace(Content::There(content));
    }

    /// It is not there any more: until there is another one, windows wait.
    pub(crate) fn take(&self) -> Option<T> {
        self.0.send_replace(Content::Awaited).there()
    }

    /// Nobody is to wait any longer.
    pub(crate) fn give_up(&self) {
        self.0.send_replace(Content::GivenUp);
    }

    /// It, if it is there.
    pub(crate) fn now(&self) -> Option<T> {
        self.0.borrow().clone().there()
    }

    /// Waits for it; `None` when it is given up, or the program ends first.
    pub(crate) async fn filled(&self) -> Option<T> {
        let mut content = self.0.subscribe();
        let content = content.wait_for(|content| !matches!(content, Content::Awaited)).await.ok()?.clone();
        content.there()
    }
}
