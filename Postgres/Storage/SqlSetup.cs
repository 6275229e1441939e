using System.Data;
using System.Runtime.CompilerServices;
using Dapper;

namespace Threadkeep.Storage;

/// <summary>How rows become objects everywhere: snake_case columns, times as <see cref="DateTimeOffset"/> in UTC, dates as <see cref="DateOnly"/>.</summary>
internal static class SqlSetup
{
#pragma warning disable CA2255 // Every query of this assembly depends on it; there is no other moment that is certainly first.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Initialize()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new UtcHandler());
        SqlMapper.AddTypeHandler(new DateHandler());
    }

    private sealed class UtcHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = value.UtcDateTime;

        public override DateTimeOffset Parse(object value) =>
            new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));
    }

    private sealed class DateHandler : SqlMapper.TypeHandler<DateOnly>
    {
        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;

        public override DateOnly Parse(object value) =>
            value is DateOnly date ? date : DateOnly.FromDateTime((DateTime)value);
    }
}
