"""Nothing lost, nothing silently wrong: packs under faults, in any order, on any number of workers."""
