//! The walks of ARCHITECTURE.md: each of their files exists, and stands once in its walk.

use std::collections::BTreeSet;
use std::fs;

use super::root;

#[test]
fn each_file_of_a_walk_exists_and_stands_once() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut walks = 0;
    for walk in page.split("\n### Walk: ").skip(1) {
        walks += 1;
        let (name, rest) = walk.split_once('\n').unwrap();
        let steps = rest.split("\n#").next().unwrap();
        let mut files = BTreeSet::new();
        for line in steps.lines().filter(|line| line.contains(". `")) {
            let file = line.split('`').nth(1).unwrap();
            assert!(root().join("crates").join(file).is_file(), "{name}: there is no {file}");
            assert!(files.insert(file), "{name}: {file} stands twice");
        }
        assert!(files.len() > 5, "{name} has no steps");
    }
    assert_eq!(walks, 5);
}
