// Times are measured: one case at a time.
[assembly: NonParallelizable]
