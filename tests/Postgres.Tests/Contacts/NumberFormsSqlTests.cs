using CsCheck;
using Threadkeep.Contacts;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Contacts;

/// <summary>The two places that know how one number is written say the same.</summary>
public sealed class NumberFormsSqlTests
{
    private static readonly Gen<string> Numbers = Gen.Select(
        Gen.OneOf("", "55", "5511", "55119", "54", "549", "52", "521", "81", "5"),
        Gen.String[Gen.Char['0', '9'], 4, 12],
        (country, rest) => country + rest
    );

    [Fact]
    public void Every_form_of_a_number_has_the_same_key_and_the_same_forms() =>
        Numbers.Sample(number =>
        {
            var forms = NumberForms.Of(NumberForms.Key(number));
            forms.ShouldContain(number);
            forms.ShouldAllBe(form => NumberForms.Key(form) == NumberForms.Key(number));
            forms.Length.ShouldBeInRange(1, 2);
        });

    [Fact]
    public async Task Sql_knows_the_same_forms_and_names_the_given_one_first()
    {
        await using var database = await TestDatabase.CreateAsync();
        var numbers = new List<string>();
        Numbers.Sample(numbers.Add, iter: 2_000, threads: 1);
        await using var command = database.DataSource.CreateCommand(
            "select n, threadkeep.number_forms(n) from unnest($1::text[]) as n"
        );
        command.Parameters.Add(new() { Value = numbers.ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync())
        {
            var (number, forms) = (reader.GetString(0), reader.GetFieldValue<string[]>(1));
            forms[0].ShouldBe(number);
            forms.ShouldBe(NumberForms.Of(NumberForms.Key(number)), ignoreOrder: true);
            rows++;
        }
        rows.ShouldBe(numbers.Count);
    }
}
