//! Objects that item readers read and result writers write (DMAP rows), supplied by the caller.

use std::collections::BTreeMap;

/// One object of a listing (DMAP-030).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectSummary {
    /// Key in the bucket.
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// Entity tag, without quotes.
    pub etag: String,
    /// Last change, in seconds since the Unix epoch.
    pub last_modified: u64,
}

/// A store of objects in buckets, in the manner of Amazon S3.
pub trait ObjectStore {
    /// The content of an object.
    ///
    /// # Errors
    /// A sentence saying why it cannot be read.
    fn get(&mut self, bucket: &str, key: &str) -> Result<Vec<u8>, String>;

    /// The objects whose key begins with `prefix`, ordered by key.
    ///
    /// # Errors
    /// A sentence saying why they cannot be listed.
    fn list(&mut self, bucket: &str, prefix: &str) -> Result<Vec<ObjectSummary>, String>;

    /// Stores an object, replacing one of the same key.
    ///
    /// # Errors
    /// A sentence saying why it cannot be written.
    fn put(&mut self, bucket: &str, key: &str, content: Vec<u8>) -> Result<(), String>;
}

/// A store in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    buckets: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
}

impl MemoryStore {
    /// Adds an empty bucket, if it is not there yet.
    pub fn create_bucket(&mut self, bucket: &str) {
        self.buckets.entry(bucket.to_owned()).or_default();
    }

    /// The objects of a bucket by key.
    #[must_use]
    pub fn bucket(&self, bucket: &str) -> Option<&BTreeMap<String, Vec<u8>>> {
        self.buckets.get(bucket)
    }

    fn existing(&self, bucket: &str) -> Result<&BTreeMap<String, Vec<u8>>, String> {
        self.bucket(bucket).ok_or_else(|| no_bucket(bucket))
    }
}

fn no_bucket(bucket: &str) -> String {
    format!("The specified bucket does not exist: {bucket}")
}

impl ObjectStore for MemoryStore {
    fn get(&mut self, bucket: &str, key: &str) -> Result<Vec<u8>, String> {
        let object = self.existing(bucket)?.get(key);
        object.cloned().ok_or_else(|| format!("The specified key does not exist: {key} in bucket {bucket}"))
    }

    fn list(&mut self, bucket: &str, prefix: &str) -> Result<Vec<ObjectSummary>, String> {
        let objects = self.existing(bucket)?.iter().filter(|(key, _)| key.starts_with(prefix));
        Ok(objects
            .map(|(key, content)| ObjectSummary {
                key: key.clone(),
                size: content.len() as u64,
                etag: etag(content),
                last_modified: 0,
            })
            .collect())
    }

    fn put(&mut self, bucket: &str, key: &str, content: Vec<u8>) -> Result<(), String> {
        let objects = self.buckets.get_mut(bucket).ok_or_else(|| no_bucket(bucket))?;
        objects.insert(key.to_owned(), content);
        Ok(())
    }
}

/// The entity tag of an object that was uploaded in one part: its MD5 digest.
#[must_use]
pub fn etag(content: &[u8]) -> String {
    use md5::Digest;
    md5::Md5::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
