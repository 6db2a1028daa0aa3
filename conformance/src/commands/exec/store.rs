//! A folder as an object store: `folder/bucket/key`.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use asl_engine::store::{ObjectStore, ObjectSummary, etag};

/// Deepest nesting of folders in a bucket.
const MAX_DEPTH: usize = 32;

/// The buckets are the folders below a root.
pub(super) struct DirectoryStore {
    root: PathBuf,
}

impl DirectoryStore {
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn bucket(&self, bucket: &str) -> Result<PathBuf, String> {
        let path = self.root.join(inside(bucket)?);
        if path.is_dir() { Ok(path) } else { Err(format!("The specified bucket does not exist: {bucket}")) }
    }

    fn object(&self, bucket: &str, key: &str) -> Result<PathBuf, String> {
        Ok(self.bucket(bucket)?.join(inside(key)?))
    }
}

/// The name as a path that does not lead out of the folder it is joined to.
fn inside(name: &str) -> Result<&Path, String> {
    let path = Path::new(name);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    if plain && !name.is_empty() { Ok(path) } else { Err(format!("'{name}' is not a name inside the store")) }
}

impl ObjectStore for DirectoryStore {
    fn get(&mut self, bucket: &str, key: &str) -> Result<Vec<u8>, String> {
        fs::read(self.object(bucket, key)?).map_err(|error| format!("{bucket}/{key}: {error}"))
    }

    fn list(&mut self, bucket: &str, prefix: &str) -> Result<Vec<ObjectSummary>, String> {
        let root = self.bucket(bucket)?;
        let mut objects = Vec::new();
        collect(&root, &root, prefix, 0, &mut objects)?;
        objects.sort_by(|left, right| left.key.cmp(&right.key));
        Ok(objects)
    }

    fn put(&mut self, bucket: &str, key: &str, content: Vec<u8>) -> Result<(), String> {
        let path = self.object(bucket, key)?;
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder.and_then(|()| fs::write(&path, content)).map_err(|error| format!("{bucket}/{key}: {error}"))
    }
}

fn collect(
    root: &Path,
    folder: &Path,
    prefix: &str,
    depth: usize,
    objects: &mut Vec<ObjectSummary>,
) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if depth > MAX_DEPTH {
        return Err(format!("{}: nested too deeply", folder.display()));
    }
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(root, &path, prefix, depth + 1, objects)?;
            continue;
        }
        let names = path.strip_prefix(root).map_err(|error| error.to_string())?.components();
        let key = names.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if key.starts_with(prefix) {
            let content = fs::read(&path).map_err(failed)?;
            // The time is fixed, so that a run depends on nothing but names and contents.
            objects.push(ObjectSummary { key, size: content.len() as u64, etag: etag(&content), last_modified: 0 });
        }
    }
    Ok(())
}
