// Tests of one fixture share nothing.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
